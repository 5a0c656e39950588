/** What a silence or announced work is about: chosen from what lies at hand on the page. */
import { Field } from "../parts/sending";
import { say } from "./words";

export interface Matching<Match> {
  match: Match;
  words: string;
}

export function What<Match>({ choices }: { choices: readonly Matching<Match>[] }) {
  return (
    <Field label={say("what")}>
      <select name="what">
        {choices.map(({ words }, index) => (
          <option key={words} value={index}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function chosen<Match>(choices: readonly Matching<Match>[], fields: FormData): Match {
  const choice = choices[Number(fields.get("what"))] ?? choices[0];
  if (!choice) throw new RangeError("a form offers at least one thing");
  return choice.match;
}
