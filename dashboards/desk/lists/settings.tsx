/** The city's settings as they are in force, to be read only. */
import "./settings.css";
import { Asked, useRemote } from "../parts/asked";
import { Heading } from "../parts/heading";
import type { Settings } from "../shapes";
import { say as told } from "../words";
import { say } from "./words";

const EVERY_SECONDS = 300;

export default function SettingsPage() {
  const settings = useRemote<Settings>("/api/v1/settings", EVERY_SECONDS);
  return (
    <>
      <Heading title={told("settings")}>
        <p class="dim">{say("settings_why")}</p>
      </Heading>
      <Asked of={settings}>
        {({ sections }) => (
          <div class="masonry">
            {sections.map((section) => (
              <Section key={section.name} section={section} />
            ))}
          </div>
        )}
      </Asked>
    </>
  );
}

function Section({ section }: { section: Settings["sections"][number] }) {
  return (
    <section aria-label={section.name}>
      <h2 class="id">[{section.name}]</h2>
      {section.items.length === 0 && <p class="dim">{told("nothing")}</p>}
      <dl class="facts">
        {section.items.map((item) => (
          <Item key={item.key} item={item} />
        ))}
      </dl>
    </section>
  );
}

function Item({
  item: { key, value, default: usual, secret },
}: {
  item: Settings["sections"][number]["items"][number];
}) {
  const shown = secret ? say("kept_secret") : value;
  return (
    <>
      <dt class="id">{key}</dt>
      <dd>
        <Value value={shown} /> {usual && <small class="dim">({say("as_default")})</small>}
      </dd>
    </>
  );
}

/** What has parts is folded; what has none is a dash. */
function Value({ value }: { value: unknown }) {
  if (typeof value !== "object") return <>{String(value)}</>;
  if (value === null || Object.keys(value).length === 0) return <>–</>;
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return <>{value.join(", ")}</>;
  return (
    <details>
      <summary>{"{ … }"}</summary>
      <pre>{JSON.stringify(value, null, 1)}</pre>
    </details>
  );
}
