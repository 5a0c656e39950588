/** One of a few, side by side: buttons that say which is pressed. */
export function Choices<Key extends string>(given: {
  label: string;
  options: readonly (readonly [Key, string])[];
  value: Key;
  choose: (key: Key) => void;
}) {
  return (
    <fieldset class="choices">
      <legend>{given.label}</legend>
      {given.options.map(([key, word]) => (
        <button key={key} type="button" aria-pressed={key === given.value} onClick={() => given.choose(key)}>
          {word}
        </button>
      ))}
    </fieldset>
  );
}
