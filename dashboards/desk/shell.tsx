/** What stands around every page: where one can go, who one is, and since when nothing is known any more. */
import { useEffect, useRef } from "preact/hooks";
import { tick, timeOf } from "../screen/clock";
import { live } from "../screen/link";
import { Warning } from "../screen/page";
import { language, say as saying } from "../screen/words";
import { about, may } from "./here";
import { Pages } from "./pages";
import { place, to } from "./router";
import { say } from "./words";

const SECTIONS = [
  ["home", "", "wall"],
  ["incidents", "incidents", "wall"],
  ["oncall", "oncall", "wall"],
  ["silences", "silences", "wall"],
  ["rejected", "rejected", "wall"],
  ["rules", "rules", "wall"],
  ["audit", "audit", "operator"],
  ["settings", "settings", "operator"],
  ["accounts", "accounts", "technician"],
] as const;

export function Shell() {
  return (
    <>
      <a class="skip" href="#content">
        {say("skip")}
      </a>
      <Warning />
      <header class="top">
        <strong class="city">{about().title}</strong>
        <Sections />
        <Visitor />
      </header>
      <main id="content" tabIndex={-1}>
        <Pages />
      </main>
    </>
  );
}

function Sections() {
  const { section } = place.value;
  const current = section === "devices" ? "" : section;
  const row = useRef<HTMLElement>(null);
  // Of a narrow screen the row is wider: where one is must be in sight.
  useEffect(() => {
    row.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current]);
  return (
    <nav ref={row} aria-label={say("pages")}>
      {SECTIONS.filter(([, , least]) => may(least)).map(([word, name]) => (
        <a
          key={name}
          href={to(name ? `/desk/${name}` : "/desk")}
          aria-current={current === name ? (section === name ? "page" : "true") : undefined}
        >
          {say(word)}
        </a>
      ))}
      <a href={to("/wall")}>{say("wall")} ↗</a>
      {may("technician") && <a href={to("/phone")}>{say("phone")} ↗</a>}
    </nav>
  );
}

function Visitor() {
  const { visitor, zone_label } = about();
  return (
    <div class="visitor">
      <span class={live.value ? "live" : "live off"}>{saying(live.value ? "live" : "connecting")}</span>
      <time class="clock">
        {timeOf(tick.value)} {zone_label}
      </time>
      <span>
        {visitor.name} <small>({say(`role_${visitor.role}`)})</small>
      </span>
      <Languages />
      {visitor.role !== "wall" && (
        <form method="post" action="/logout">
          <button type="submit">{say("log_out")}</button>
        </form>
      )}
    </div>
  );
}

/** Other words are another document: titles, kinds and sentences come from the server in them. */
function Languages() {
  const other = language.value === "id" ? "en" : "id";
  const query = new URLSearchParams(place.value.query);
  query.set("lang", other);
  return (
    <a
      href={`?${query}`}
      target="_self"
      lang={other}
      hrefLang={other}
      title={other === "en" ? "English" : "Bahasa Indonesia"}
    >
      {other === "en" ? "EN" : "ID"}
    </a>
  );
}
