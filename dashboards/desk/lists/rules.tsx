/** The rules by which alerts begin: those of the city's file, and those that operators made. */
import type { components } from "../../generated/api";
import { send } from "../../screen/api";
import { may } from "../here";
import { Listed, useList } from "../parts/asked";
import { Heading } from "../parts/heading";
import { Act } from "../parts/sending";
import { SeverityMark } from "../parts/state";
import { Moment } from "../parts/time";
import { say as told } from "../words";
import { say } from "./words";

const SEVERITIES = ["info", "warning", "critical"] as const;

type Rule = components["schemas"]["RuleShape"];

export default function RulesPage() {
  const list = useList<Rule>("/api/v1/rules");
  return (
    <>
      <Heading title={told("rules")} />
      <section aria-labelledby="rules">
        <h2 id="rules">{say("rules")}</h2>
        <Listed of={list}>
          {(items) => (
            <ul class="notes">
              {items.map((rule) => (
                <li key={rule.name}>
                  <One rule={rule} changed={list.reload} />
                </li>
              ))}
            </ul>
          )}
        </Listed>
      </section>
    </>
  );
}

function One({ rule, changed }: { rule: Rule; changed: () => void }) {
  const { name, source, enabled, terms, fault } = rule;
  const severity = SEVERITIES.find((one) => one === terms.severity);
  const turn = async () => {
    await send("PUT", `/api/v1/rules/${encodeURIComponent(name)}`, { terms, enabled: !enabled });
    changed();
  };
  return (
    <>
      <details>
        <summary>
          <strong class="id">{name}</strong>
          {severity && (
            <>
              {" "}
              · <SeverityMark severity={severity} />
            </>
          )}{" "}
          · {say(`source_${source}`)} ·{" "}
          <span class={enabled ? "done" : "dim"}>{say(enabled ? "enabled" : "disabled")}</span>
          {rule.changed_at && (
            <small class="dim">
              {" "}
              · {say("changed")} <Moment at={rule.changed_at} /> · {rule.changed_by}
            </small>
          )}
        </summary>
        <pre>{JSON.stringify(terms, null, 2)}</pre>
      </details>
      {fault && (
        <p class="fault">
          {say("fault")}: {fault}
        </p>
      )}
      {source === "operator" && may("operator") && (
        <Act label={say(enabled ? "switch_off" : "switch_on")} act={turn} sure={enabled} />
      )}
    </>
  );
}
