/** The heads of a table's columns, each by its word; none for what the visitor may not do. */
export function Columns({ of }: { of: readonly (string | false)[] }) {
  return (
    <thead>
      <tr>
        {of.map(
          (word) =>
            word !== false && (
              <th key={word} scope="col">
                {word}
              </th>
            ),
        )}
      </tr>
    </thead>
  );
}
