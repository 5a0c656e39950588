/** Who changed what, when and from where. */
import { useState } from "preact/hooks";
import { timeZone } from "../../screen/clock";
import { about } from "../here";
import { asking, Listed, useList } from "../parts/asked";
import { Columns } from "../parts/columns";
import { Heading } from "../parts/heading";
import { Field, text } from "../parts/sending";
import { Moment } from "../parts/time";
import type { AuditLine } from "../shapes";
import { say as told } from "../words";
import { dayStart, momentIn } from "../zone";
import { say } from "./words";

export default function AuditPage() {
  const [filters, filter] = useState<Record<string, string | null>>({});
  const list = useList<AuditLine>(asking("/api/v1/audit", { ...filters, limit: 100 }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    filter(filtersOf(new FormData(event.currentTarget as HTMLFormElement)));
  };
  return (
    <>
      <Heading title={told("audit")} />
      <section aria-label={told("audit")}>
        <form class="filters" onSubmit={submit}>
          <Field label={told("who")}>
            <input name="who" />
          </Field>
          <Field label={say("action")}>
            <input name="action" />
          </Field>
          <Field label={say("subject")}>
            <input name="subject" />
          </Field>
          <Field label={`${say("from")} (${about().zone_label})`}>
            <input type="date" name="from" />
          </Field>
          <Field label={`${say("to")} (${about().zone_label})`}>
            <input type="date" name="to" />
          </Field>
          <button type="submit">{say("filter")}</button>
        </form>
        <Listed of={list}>{(items) => <Rows items={items} />}</Listed>
      </section>
    </>
  );
}

function filtersOf(fields: FormData): Record<string, string | null> {
  const day = (name: string, days: number) => {
    const at = momentIn(text(fields, name), timeZone());
    return Number.isNaN(at) ? null : new Date(dayStart(at, timeZone(), days)).toISOString();
  };
  return {
    who: text(fields, "who"),
    action: text(fields, "action"),
    subject: text(fields, "subject"),
    from: day("from", 0),
    to: day("to", 1),
  };
}

function Rows({ items }: { items: readonly AuditLine[] }) {
  return (
    <table class="rows">
      <Columns of={[told("time"), told("who"), say("action"), say("subject"), say("origin")]} />
      <tbody>
        {items.map((line) => (
          <tr key={line.id}>
            <td>
              <Moment at={line.at} />
            </td>
            <td data-label={told("who")}>{line.who}</td>
            <td data-label={say("action")}>
              <span class="id">{line.action}</span>
            </td>
            <td data-label={say("subject")}>
              {line.subject}
              {Object.keys(line.detail).length > 0 && (
                <details>
                  <summary>{say("detail")}</summary>
                  <pre>{JSON.stringify(line.detail, null, 2)}</pre>
                </details>
              )}
            </td>
            <td data-label={say("origin")}>{line.origin}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
