/** What all names begin with, as whole words: said once over them, and not on each. Pure. */

export function prefixOf(names: readonly string[]): string {
  const [first = "", ...others] = names;
  if (others.length === 0) return "";
  let length = first.length;
  for (const name of others) {
    let same = 0;
    while (same < length && name[same] === first[same]) same += 1;
    length = same;
  }
  // A name that is all prefix would be left with nothing.
  const shortest = Math.min(...names.map((name) => name.length));
  return first.slice(0, first.lastIndexOf(" ", Math.min(length, shortest - 1) - 1) + 1);
}
