/** From a refused topic to a device of the registry. */
import { send } from "../../screen/api";
import { about } from "../here";
import { Field, Form } from "../parts/sending";
import { say as told } from "../words";
import { adoptionOf } from "./adoption";
import { say } from "./words";

export function Adopt({ device, done }: { device: string; done: () => void }) {
  const adopt = async (fields: FormData) => {
    await send("POST", `/api/v1/unknown-devices/${encodeURIComponent(device)}/adopt`, adoptionOf(fields));
    done();
  };
  const kinds = Object.entries(about().kinds).sort(([, one], [, other]) => one.name.localeCompare(other.name));
  return (
    <details class="fold">
      <summary>
        {say("adopt")} {device}
      </summary>
      <Form label={`${say("adopt")} ${device}`} button={say("adopt")} done={say("adopted")} send={adopt} keep>
        <Field label={told("kind")}>
          <select name="kind" required>
            <option value="">–</option>
            {kinds.map(([kind, { name }]) => (
              <option key={kind} value={kind}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field label={told("name")}>
          <input name="name" required maxLength={200} />
        </Field>
        <Field label={told("area")}>
          <select name="area">
            <option value="">–</option>
            {about().areas.map((area) => (
              <option key={area}>{area}</option>
            ))}
          </select>
        </Field>
        <Field label={say("latitude")}>
          <input name="latitude" inputMode="decimal" placeholder="-4.1262" size={10} />
        </Field>
        <Field label={say("longitude")}>
          <input name="longitude" inputMode="decimal" placeholder="104.1752" size={10} />
        </Field>
        <Field label={say("parents")}>
          <input name="parents" />
        </Field>
        <Field label={say("external_ids")}>
          <textarea name="external_ids" rows={2} />
        </Field>
        <Field label={say("attributes")}>
          <textarea name="attributes" rows={2} />
        </Field>
      </Form>
    </details>
  );
}
