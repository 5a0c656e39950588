/** What the shapes mean, and how many there are of each. */
import { useComputed } from "@preact/signals";
import type { City } from "../../screen/city";
import { type Look, lookOf, StateShape } from "../../screen/shapes_of_states";
import { whole } from "../../screen/values";
import { say as sayState } from "../../screen/words";
import { noCounts, present } from "./looks";

export const wordOf = (look: Look): string => sayState(look === "blind" ? "unseen" : look);

export function Legend({ city }: { city: City }) {
  const counts = useComputed(() => {
    void city.statesRevision.value;
    const found = noCounts();
    for (const device of city.devices.values()) found[lookOf(device)] += 1;
    return found;
  });
  return (
    <ul class="city-map-legend">
      {present(counts.value).map((look) => (
        <li key={look}>
          <StateShape look={look} silent /> {wordOf(look)} <b>{whole(counts.value[look])}</b>
        </li>
      ))}
    </ul>
  );
}
