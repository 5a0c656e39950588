/** Who is on call in each rota, until when, and who then. */
import type { components } from "../../generated/api";
import { dayOf, shortTimeOf, tick, weekdayOf } from "../../screen/clock";
import type { View } from "../view";
import { tell } from "../words";
import { Tile } from "./tile";

const ROTAS_MOST = 3;
type OnCall = components["schemas"]["OnCall"];

export function Duty({ view: { duty } }: { view: View }) {
  const rotas = duty.value.value?.items ?? [];
  return (
    <Tile name="duty" title={tell("duty")} at={duty.at} everySeconds={duty.everySeconds}>
      {rotas.length === 0 && duty.value.value !== null && <p class="calm">{tell("nobody_on_call")}</p>}
      <ul>
        {rotas.slice(0, ROTAS_MOST).map((rota) => (
          <Rota key={rota.rota} {...rota} />
        ))}
      </ul>
    </Tile>
  );
}

function Rota({ rota, technicians, until, following }: OnCall) {
  const names = (people: OnCall["technicians"]) => people.map(({ name }) => name).join(", ");
  const next = following && names(following.technicians);
  return (
    <li data-rota={rota}>
      <small>{rota}</small>
      <b class={technicians.length === 0 ? "vacant" : ""}>{names(technicians) || tell("vacant")}</b>
      <small>
        {until ? `${tell("until")} ${momentAhead(Date.parse(until))}` : ""}
        {next ? `, ${tell("afterwards")} ${next}` : ""}
      </small>
    </li>
  );
}

const WEEK_MS = 6 * 86_400_000;

/** The time, with its day where that is another: by its name, as long as that can be no other. */
function momentAhead(millis: number): string {
  const time = shortTimeOf(millis);
  if (dayOf(millis) === dayOf(tick.value)) return time;
  return millis - tick.value < WEEK_MS ? `${weekdayOf(millis)} ${time}` : `${dayOf(millis)} ${time}`;
}
