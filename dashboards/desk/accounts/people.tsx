/** Who may sign in, as what. */
import { send } from "../../screen/api";
import { whole } from "../../screen/values";
import { Listed, useList, useRemote } from "../parts/asked";
import { Columns } from "../parts/columns";
import { Act, Field, Form, text } from "../parts/sending";
import { Moment } from "../parts/time";
import type { Account, Technicians } from "../shapes";
import { say as told } from "../words";
import { RoleField, roleIn } from "./page";
import { say } from "./words";

const PATH = "/api/v1/accounts";
const EVERY_SECONDS = 300;
const of = (name: string) => `${PATH}/${encodeURIComponent(name)}`;

const link = (name: string, technician: string) =>
  send("PUT", `${of(name)}/technician`, { technician: technician || null });

export function Accounts() {
  const list = useList<Account>(PATH);
  const known = useRemote<Technicians>("/api/v1/oncall/technicians", EVERY_SECONDS).value.value?.items ?? [];
  const add = async (fields: FormData) => {
    const [name, technician, password] = [text(fields, "name"), text(fields, "technician"), fields.get("password")];
    await send("PUT", of(name), { role: roleIn(fields), ...(password ? { password } : {}) });
    if (technician) await link(name, technician);
    list.reload();
  };
  return (
    <section aria-labelledby="people">
      <h2 id="people">{say("people")}</h2>
      <p class="dim">{say("technician_why")}</p>
      <Listed of={list}>{(items) => <Rows items={items} known={known} changed={list.reload} />}</Listed>
      <details class="fold">
        <summary>{say("add_account")}</summary>
        <Form label={say("add_account")} button={told("save")} send={add}>
          <Field label={told("name")}>
            <input name="name" required maxLength={200} autocomplete="off" />
          </Field>
          <RoleField />
          <TechnicianField known={known} />
          <Field label={say("password")}>
            <input type="password" name="password" autocomplete="new-password" />
          </Field>
        </Form>
      </details>
    </section>
  );
}

function TechnicianField({ known, value = "" }: { known: Technicians["items"]; value?: string }) {
  // While the list is not there, a button that is pressed for something else must not take the link away.
  const all = value && !known.some(({ id }) => id === value) ? [...known, { id: value, name: value }] : known;
  return (
    <Field label={say("technician")}>
      <select name="technician">
        <option value="">{say("nobody")}</option>
        {all.map(({ id, name }) => (
          <option key={id} value={id} selected={id === value}>
            {name} ({id})
          </option>
        ))}
      </select>
    </Field>
  );
}

function Rows({
  items,
  known,
  changed,
}: {
  items: readonly Account[];
  known: Technicians["items"];
  changed: () => void;
}) {
  const remove = (name: string) => async () => {
    await send("DELETE", of(name));
    changed();
  };
  const change = (name: string) => async (fields: FormData) => {
    await send("PUT", of(name), { role: roleIn(fields) });
    changed();
  };
  const relink = (name: string) => async (fields: FormData) => {
    await link(name, text(fields, "technician"));
    changed();
  };
  return (
    <table class="rows">
      <Columns
        of={[
          told("name"),
          say("role"),
          say("technician"),
          say("signs_in"),
          say("sessions"),
          say("since"),
          told("remove"),
        ]}
      />
      <tbody>
        {items.map((one) => (
          <tr key={one.name}>
            <td>
              <strong>{one.name}</strong>
            </td>
            <td>
              <Form label={`${say("role")}: ${one.name}`} button={say("set_role")} send={change(one.name)} keep>
                <RoleField value={one.role} />
              </Form>
            </td>
            <td>
              <Form label={`${say("technician")}: ${one.name}`} button={say("set_role")} send={relink(one.name)} keep>
                <TechnicianField known={known} value={one.technician ?? ""} />
              </Form>
            </td>
            <td data-label={say("signs_in")}>{say(`by_${one.signs_in}`)}</td>
            <td data-label={say("sessions")}>{whole(one.sessions)}</td>
            <td data-label={say("since")}>
              <Moment at={one.created_at} />
            </td>
            <td>
              <Act label={told("remove")} act={remove(one.name)} sure kind="danger" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
