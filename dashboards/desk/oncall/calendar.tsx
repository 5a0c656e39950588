/** A week of every rota: a column for each day, which stand under each other where there is no room. */
import "./week.css";
import { useMemo, useState } from "preact/hooks";
import type { components } from "../../generated/api";
import { dayOf, serverNow, shortTimeOf, tick, timeZone } from "../../screen/clock";
import type { Remote } from "../../screen/remote";
import { locale } from "../../screen/words";
import { about } from "../here";
import { Asked, asking, useRemote } from "../parts/asked";
import { weekStart } from "../zone";
import { People } from "./page";
import { type Day, type Piece, weekOf } from "./week";
import { say } from "./words";

type Shifts = components["schemas"]["Shifts"];

const EVERY_SECONDS = 60;

export function Calendar({ rotas, of }: { rotas: readonly string[]; of: Remote<unknown> }) {
  const [weeks, turn] = useState(0);
  const monday = weekStart(serverNow(), timeZone(), weeks);
  return (
    <>
      <p class="choices">
        <button type="button" onClick={() => turn(weeks - 1)}>
          {say("before")}
        </button>
        <button type="button" onClick={() => turn(0)} aria-pressed={weeks === 0}>
          {say("this_week")}
        </button>
        <button type="button" onClick={() => turn(weeks + 1)}>
          {say("after")}
        </button>
        <span role="status" class="dim">
          {say("week")} {dayOf(monday)}
        </span>
      </p>
      {rotas.map((rota) => (
        <Rota key={`${rota} ${monday}`} rota={rota} monday={monday} changed={of} />
      ))}
    </>
  );
}

function Rota({ rota, monday, changed }: { rota: string; monday: number; changed: Remote<unknown> }) {
  const path = `/api/v1/oncall/rotas/${encodeURIComponent(rota)}`;
  const to = weekStart(monday, timeZone(), 1);
  const span = { from: new Date(monday).toISOString(), to: new Date(to).toISOString() };
  const shifts = useRemote<Shifts>(asking(`${path}/shifts`, span), EVERY_SECONDS, { when: changed.at });
  return (
    <section aria-label={rota}>
      <h2>
        {rota} <small>{<a href={`${path}.ics`}>{say("feed")}</a>}</small>
      </h2>
      <Asked of={shifts}>{({ items }) => <Week items={items} monday={monday} />}</Asked>
    </section>
  );
}

function Week({ items, monday }: { items: Shifts["items"]; monday: number }) {
  const days = useMemo(() => weekOf(items, monday, timeZone()), [items, monday]);
  return (
    <ol class="week">
      {days.map((day) => (
        <OneDay key={day.from} day={day} />
      ))}
    </ol>
  );
}

function OneDay({ day }: { day: Day }) {
  const now = tick.value;
  const today = day.from <= now && now < day.to;
  const name = new Intl.DateTimeFormat(locale(), {
    timeZone: timeZone(),
    weekday: "short",
    day: "numeric",
    month: "short",
  }).format(day.from);
  return (
    <li class={today ? "today" : undefined} aria-current={today ? "date" : undefined}>
      <strong>{name}</strong>
      <ol>
        {day.pieces.map((piece) => (
          <OnePiece key={piece.from} piece={piece} now={now} midnight={day.to} />
        ))}
      </ol>
    </li>
  );
}

function OnePiece({ piece, now, midnight }: { piece: Piece; now: number; midnight: number }) {
  const { shift, from, to, begun, goesOn } = piece;
  const stand = shift.source.startsWith("override:");
  const kinds = [
    from <= now && now < to ? "now" : "",
    stand ? "override" : "",
    shift.technicians.length === 0 ? "empty" : "",
  ];
  return (
    <li class={kinds.filter(Boolean).join(" ")} title={`${about().zone_label} · ${shift.source}`}>
      <span class="dim">
        {begun ? "… " : ""}
        {shortTimeOf(from)}–{to === midnight ? "24:00" : shortTimeOf(to)}
        {goesOn ? " …" : ""}
      </span>
      <br />
      <People people={shift.technicians} />
      {stand && <small class="dim"> ({say("override")})</small>}
    </li>
  );
}
