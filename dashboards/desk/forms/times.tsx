/** Times that are typed: the city's, whatever zone this machine is in. */
import { serverNow, timeZone } from "../../screen/clock";
import { about } from "../here";
import { Field, text, Unfit } from "../parts/sending";
import { localOf, momentIn } from "../zone";
import { say } from "./words";

/** `hours` from now, unless somebody types another. */
export function TimeField({ label, name, hours }: { label: string; name: string; hours: number }) {
  const initial = localOf(serverNow() + hours * 3_600_000, timeZone());
  return (
    <Field label={`${label} (${about().zone_label})`}>
      <input type="datetime-local" name={name} defaultValue={initial} required />
    </Field>
  );
}

/** Raises Unfit. */
export function timeIn(fields: FormData, name: string): string {
  const at = momentIn(text(fields, name), timeZone());
  if (Number.isNaN(at)) throw new Unfit(say("no_time"));
  return new Date(at).toISOString();
}
