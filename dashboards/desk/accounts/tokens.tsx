/** What scripts and wall screens bring instead of a password: made here, shown once, revoked here. */
import "./tokens.css";
import { useState } from "preact/hooks";
import { send } from "../../screen/api";
import { whole } from "../../screen/values";
import { asking, Listed, useList } from "../parts/asked";
import { Columns } from "../parts/columns";
import { Act, Field, Form, text } from "../parts/sending";
import { Moment } from "../parts/time";
import type { NewToken, Token } from "../shapes";
import { say as told } from "../words";
import { RoleField, roleIn } from "./page";
import { say } from "./words";

const PATH = "/api/v1/tokens";

export function Tokens() {
  const list = useList<Token>(asking(PATH, { active: "true" }));
  const [made, show] = useState<NewToken | null>(null);
  const add = async (fields: FormData) => {
    show(await send<NewToken>("POST", PATH, { name: text(fields, "name"), role: roleIn(fields) }));
    list.reload();
  };
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">{say("tokens")}</h2>
      <p class="dim">{say("tokens_why")}</p>
      {made && <Secret made={made} />}
      <Listed of={list}>{(items) => <Rows items={items} changed={list.reload} />}</Listed>
      <details class="fold">
        <summary>{say("add_token")}</summary>
        <Form label={say("add_token")} button={say("add_token")} send={add}>
          <Field label={told("name")}>
            <input name="name" required maxLength={200} autocomplete="off" />
          </Field>
          <RoleField />
        </Form>
      </details>
    </section>
  );
}

function Secret({ made }: { made: NewToken }) {
  return (
    <div role="status">
      <p>
        <strong>{made.name}</strong>: {say("secret")}
      </p>
      <code class="secret">{made.token}</code>
      {made.role === "wall" && (
        <p class="dim">
          {say("kiosk")}: <code class="secret">{`${location.origin}/wall?token=${made.token}`}</code>
        </p>
      )}
    </div>
  );
}

function Rows({ items, changed }: { items: readonly Token[]; changed: () => void }) {
  const revoke = (name: string) => async () => {
    await send("DELETE", `${PATH}/${encodeURIComponent(name)}`);
    changed();
  };
  return (
    <table class="rows">
      <Columns of={[told("name"), say("role"), say("since"), say("used"), say("kiosks"), say("revoke")]} />
      <tbody>
        {items.map((one) => (
          <tr key={`${one.name} ${one.created_at}`}>
            <td>
              <strong>{one.name}</strong>
            </td>
            <td data-label={say("role")}>{told(`role_${one.role}`)}</td>
            <td data-label={say("since")}>
              <Moment at={one.created_at} />
            </td>
            <td data-label={say("used")}>
              <Moment at={one.last_used_at} />
            </td>
            <td data-label={say("kiosks")}>{whole(one.kiosks)}</td>
            <td>
              {one.revoked_at ? (
                <span class="dim">
                  {say("revoked")} <Moment at={one.revoked_at} />
                </span>
              ) : (
                <Act label={say("revoke")} act={revoke(one.name)} sure kind="danger" />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
