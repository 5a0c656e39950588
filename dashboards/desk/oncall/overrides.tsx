/** Who stands in for whom, now and later: added here, and taken back. */
import type { components } from "../../generated/api";
import { send } from "../../screen/api";
import { TimeField, timeIn } from "../forms/times";
import { may } from "../here";
import { Asked, asking, Listed, useList, useRemote } from "../parts/asked";
import { Columns } from "../parts/columns";
import { Act, Field, Form, text } from "../parts/sending";
import { Span } from "../parts/time";
import type { Technicians } from "../shapes";
import { say as told } from "../words";
import { say } from "./words";

type Override = components["schemas"]["OverrideShape"];

const EVERY_SECONDS = 300;
const PATH = "/api/v1/oncall/overrides";

export function Overrides({ rotas, done }: { rotas: readonly string[]; done: () => void }) {
  const list = useList<Override>(asking(PATH, { active: "true" }));
  const changed = () => {
    list.reload();
    done();
  };
  return (
    <section aria-labelledby="overrides">
      <h2 id="overrides">{say("overrides")}</h2>
      <Listed of={list}>{(items) => <Rows items={items} changed={changed} />}</Listed>
      {may("operator") && rotas.length > 0 && <Adding rotas={rotas} changed={changed} />}
    </section>
  );
}

function Rows({ items, changed }: { items: readonly Override[]; changed: () => void }) {
  const remove = (id: number) => async () => {
    await send("DELETE", `${PATH}/${id}`);
    changed();
  };
  return (
    <table class="rows">
      <Columns of={[say("rota"), say("who"), told("time"), told("reason"), may("operator") && told("remove")]} />
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <td>{one.rota}</td>
            <td data-label={say("who")}>{one.technicians.join(", ")}</td>
            <td data-label={told("time")}>
              <Span since={one.since} until={one.until} />
            </td>
            <td data-label={told("reason")}>
              {one.reason}{" "}
              <small class="dim">
                {say("by")} {one.created_by}
              </small>
            </td>
            {may("operator") && (
              <td>
                <Act label={told("remove")} act={remove(one.id)} sure />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Adding({ rotas, changed }: { rotas: readonly string[]; changed: () => void }) {
  const known = useRemote<Technicians>("/api/v1/oncall/technicians", EVERY_SECONDS);
  const add = async (fields: FormData) => {
    await send("POST", PATH, {
      rota: text(fields, "rota"),
      technicians: fields.getAll("technician"),
      since: timeIn(fields, "since"),
      until: timeIn(fields, "until"),
      reason: text(fields, "reason"),
    });
    changed();
  };
  return (
    <details class="fold">
      <summary>{say("add_override")}</summary>
      <Asked of={known}>
        {({ items }) => (
          <Form label={say("add_override")} button={say("add_override")} done={say("overridden")} send={add}>
            <Field label={say("rota")}>
              <select name="rota">
                {rotas.map((rota) => (
                  <option key={rota}>{rota}</option>
                ))}
              </select>
            </Field>
            <fieldset class="choices">
              <legend>{say("who")}</legend>
              {items.map(({ id, name }) => (
                <label key={id} class="tick">
                  <input type="checkbox" name="technician" value={id} /> {name}
                </label>
              ))}
            </fieldset>
            <TimeField label={told("since")} name="since" hours={0} />
            <TimeField label={told("until")} name="until" hours={12} />
            <Field label={told("reason")}>
              <input name="reason" maxLength={200} />
            </Field>
          </Form>
        )}
      </Asked>
    </details>
  );
}
