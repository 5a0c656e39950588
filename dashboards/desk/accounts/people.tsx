/** Who may sign in, as what. */
import { send } from "../../screen/api";
import { whole } from "../../screen/values";
import { Listed, useList } from "../parts/asked";
import { Columns } from "../parts/columns";
import { Act, Field, Form, text } from "../parts/sending";
import { Moment } from "../parts/time";
import type { Account } from "../shapes";
import { say as told } from "../words";
import { RoleField, roleIn } from "./page";
import { say } from "./words";

const PATH = "/api/v1/accounts";
const of = (name: string) => `${PATH}/${encodeURIComponent(name)}`;

export function Accounts() {
  const list = useList<Account>(PATH);
  const add = async (fields: FormData) => {
    const password = fields.get("password");
    await send("PUT", of(text(fields, "name")), { role: roleIn(fields), ...(password ? { password } : {}) });
    list.reload();
  };
  return (
    <section aria-labelledby="people">
      <h2 id="people">{say("people")}</h2>
      <Listed of={list}>{(items) => <Rows items={items} changed={list.reload} />}</Listed>
      <details class="fold">
        <summary>{say("add_account")}</summary>
        <Form label={say("add_account")} button={told("save")} send={add}>
          <Field label={told("name")}>
            <input name="name" required maxLength={200} autocomplete="off" />
          </Field>
          <RoleField />
          <Field label={say("password")}>
            <input type="password" name="password" autocomplete="new-password" />
          </Field>
        </Form>
      </details>
    </section>
  );
}

function Rows({ items, changed }: { items: readonly Account[]; changed: () => void }) {
  const remove = (name: string) => async () => {
    await send("DELETE", of(name));
    changed();
  };
  const change = (name: string) => async (fields: FormData) => {
    await send("PUT", of(name), { role: roleIn(fields) });
    changed();
  };
  return (
    <table class="rows">
      <Columns of={[told("name"), say("role"), say("signs_in"), say("sessions"), say("since"), told("remove")]} />
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
