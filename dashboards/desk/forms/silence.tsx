/** Let nobody be told of something for a while. Its owner is who asks for it; a reason and an end there must be. */
import type { components } from "../../generated/api";
import { send } from "../../screen/api";
import { Field, Form, text } from "../parts/sending";
import { chosen, type Matching, What } from "./match";
import { TimeField, timeIn } from "./times";
import { say } from "./words";

type Match = components["schemas"]["Wish"]["match"];

const HOURS = 2;

export function Silence({ choices, done }: { choices: readonly Matching<Match>[]; done?: () => void }) {
  const wish = async (fields: FormData) => {
    await send("POST", "/api/v1/silences", {
      match: chosen(choices, fields),
      until: timeIn(fields, "until"),
      reason: text(fields, "reason"),
      ends_on_recovery: fields.has("ends_on_recovery"),
    });
    done?.();
  };
  return (
    <details class="fold">
      <summary>{say("silence")}</summary>
      <p class="dim">{say("silence_why")}</p>
      <Form label={say("silence")} button={say("silence")} done={say("silenced")} send={wish}>
        <What choices={choices} />
        <TimeField label={say("until")} name="until" hours={HOURS} />
        <Field label={say("reason")}>
          <input name="reason" required maxLength={200} />
        </Field>
        <label class="tick">
          <input type="checkbox" name="ends_on_recovery" defaultChecked /> {say("ends_on_recovery")}
        </label>
      </Form>
    </details>
  );
}
