/** One's own password; and for admins, who may sign in and which tokens open something. */
import { send } from "../../screen/api";
import { may } from "../here";
import { Heading } from "../parts/heading";
import { Field, Form, text, Unfit } from "../parts/sending";
import { say as told } from "../words";
import { Accounts } from "./people";
import { Tokens } from "./tokens";
import { say } from "./words";

export default function AccountsPage() {
  return (
    <>
      <Heading title={told("accounts")} />
      <Own />
      {may("admin") && (
        <>
          <Accounts />
          <Tokens />
        </>
      )}
    </>
  );
}

function Own() {
  const change = async (fields: FormData) => {
    if (fields.get("new") !== fields.get("again")) throw new Unfit(say("differ"));
    await send("PUT", "/api/v1/password", { old: fields.get("old"), new: fields.get("new") });
  };
  return (
    <section aria-labelledby="own">
      <h2 id="own">{say("own")}</h2>
      <Form label={say("own")} button={say("change")} done={say("changed")} send={change}>
        <Field label={say("old")}>
          <input type="password" name="old" required autocomplete="current-password" />
        </Field>
        <Field label={say("new")}>
          <input type="password" name="new" required autocomplete="new-password" />
        </Field>
        <Field label={say("again")}>
          <input type="password" name="again" required autocomplete="new-password" />
        </Field>
      </Form>
    </section>
  );
}

const ROLES = ["wall", "technician", "operator", "admin"] as const;

export function RoleField({ value }: { value?: string }) {
  return (
    <Field label={say("role")}>
      <select name="role" defaultValue={value}>
        {ROLES.map((role) => (
          <option key={role} value={role} selected={role === value}>
            {told(`role_${role}`)}
          </option>
        ))}
      </select>
    </Field>
  );
}

export const roleIn = (fields: FormData): string => text(fields, "role");
