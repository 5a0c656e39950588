/** Announce work, once or each day or each week, so that nobody is paged for what fails in it. */
import { useState } from "preact/hooks";
import type { components } from "../../generated/api";
import { send } from "../../screen/api";
import { timeZone } from "../../screen/clock";
import { Field, Form, text } from "../parts/sending";
import { dayStart, momentIn } from "../zone";
import { chosen, type Matching, What } from "./match";
import { beginning, type Repeats, ruleOf, WEEKDAYS, type Weekday } from "./recurrence";
import { TimeField, timeIn } from "./times";
import { say } from "./words";

type Match = components["schemas"]["Announcement"]["match"];

export function Maintain({ choices, done }: { choices: readonly Matching<Match>[]; done?: () => void }) {
  const [every, repeat] = useState<Repeats["every"]>("once");
  const announce = async (fields: FormData) => {
    const again = repeats(every, fields);
    const first = { since: timeIn(fields, "since"), until: timeIn(fields, "until") };
    await send("POST", "/api/v1/maintenance", {
      match: chosen(choices, fields),
      ...beginning(first, again, timeZone()),
      reason: text(fields, "reason"),
      rrule: ruleOf(again),
    });
    repeat("once");
    done?.();
  };
  return (
    <details class="fold">
      <summary>{say("maintain")}</summary>
      <p class="dim">{say("maintain_why")}</p>
      <Form label={say("maintain")} button={say("maintain")} done={say("announced")} send={announce}>
        <What choices={choices} />
        <TimeField label={say("from")} name="since" hours={0} />
        <TimeField label={say("until")} name="until" hours={2} />
        <Field label={say("repeats")}>
          <select value={every} onChange={(event) => repeat(event.currentTarget.value as Repeats["every"])}>
            <option value="once">{say("once")}</option>
            <option value="day">{say("daily")}</option>
            <option value="week">{say("weekly")} …</option>
          </select>
        </Field>
        {every === "week" && <Weekdays />}
        {every !== "once" && (
          <Field label={say("last_day")}>
            <input type="date" name="last" />
          </Field>
        )}
        <Field label={say("reason")}>
          <input name="reason" required maxLength={200} />
        </Field>
      </Form>
    </details>
  );
}

function Weekdays() {
  return (
    <fieldset class="choices">
      <legend>{say("weekly")}</legend>
      {WEEKDAYS.map((day) => (
        <label key={day} class="tick">
          <input type="checkbox" name="on" value={day} /> {say(day)}
        </label>
      ))}
    </fieldset>
  );
}

function repeats(every: Repeats["every"], fields: FormData): Repeats {
  const last = momentIn(text(fields, "last"), timeZone());
  return {
    every,
    on: fields.getAll("on") as Weekday[],
    last: Number.isNaN(last) ? null : dayStart(last, timeZone(), 1) - 1_000,
  };
}
