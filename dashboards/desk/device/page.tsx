/** Everything about one device. */
import "./device.css";
import type { components } from "../../generated/api";
import { begun } from "../../screen/link";
import type { Device } from "../../screen/shapes";
import { valueText, whole } from "../../screen/values";
import { say as saying } from "../../screen/words";
import { Maintain } from "../forms/maintenance";
import { Silence } from "../forms/silence";
import { deviceNow, kindOf, may } from "../here";
import { mayNote, NoteForm, NoteList } from "../notes";
import { asking, Listed, useList } from "../parts/asked";
import { Columns } from "../parts/columns";
import { Heading } from "../parts/heading";
import { later } from "../parts/later";
import { Marks, SeverityMark, StateMark } from "../parts/state";
import { Aged, Ago, Moment } from "../parts/time";
import { toDevice, toIncident } from "../router";
import type { Note } from "../shapes";
import { say as told } from "../words";
import { Frames } from "./frames";
import { History } from "./history";
import { Below, Parents, Why } from "./why";
import { say } from "./words";

type Alert = components["schemas"]["AlertShape"];

const Charts = later(() => import("./charts"));

export default function DevicePage({ id }: { id: string }) {
  const device = deviceNow(id);
  if (!device) {
    return (
      <>
        <Heading title={id} />
        <p>{begun.value ? told("removed_device") : saying("connecting")}</p>
      </>
    );
  }
  return (
    <>
      <Heading title={device.name}>
        <p class="lead">
          <StateMark state={device.state} reason={device.reason} /> {saying("since")} <Moment at={device.since} /> (
          <Ago at={device.since} />)
          {device.cause && (
            <>
              {" "}
              {saying("because")} <a href={toDevice(device.cause)}>{deviceNow(device.cause)?.name ?? device.cause}</a>
            </>
          )}{" "}
          <Marks marks={device.marks} />
        </p>
        <p class="dim">
          <span class="id">{device.id}</span> · {kindOf(device.kind).name} · {device.area || "–"}
        </p>
      </Heading>
      <div class="columns">
        <Why id={id} />
        <Latest device={device} />
      </div>
      {device.kind === "camera" && <Frames id={id} name={device.name} />}
      <section aria-labelledby="charts">
        <h2 id="charts">{say("charts")}</h2>
        <Charts device={device} />
      </section>
      <History id={id} />
      <Below id={id} />
      <Alerts id={id} />
      <Notes id={id} />
      <Facts device={device} />
      {may("operator") && (
        <section aria-labelledby="work">
          <h2 id="work">{say("work")}</h2>
          <Silence
            choices={[
              { match: { device: id }, words: device.name },
              { match: { below: id }, words: `${device.name} + ${say("below").toLowerCase()}` },
            ]}
          />
          <Maintain
            choices={[
              { match: { id }, words: device.name },
              { match: { below: id }, words: `${device.name} + ${say("below").toLowerCase()}` },
            ]}
          />
        </section>
      )}
    </>
  );
}

function Latest({ device }: { device: Device }) {
  const kind = kindOf(device.kind);
  const known = Object.entries(kind.metrics).filter(([name]) => name in device.latest);
  return (
    <section aria-labelledby="values">
      <h2 id="values">{say("values")}</h2>
      <p>
        <Aged at={device.last_seen} cadence={kind.interval_seconds}>
          {say("last_seen")}
        </Aged>
      </p>
      <dl class="values">
        {known.map(([name, metric]) => {
          const latest = device.latest[name];
          if (!latest) return null;
          return (
            <div key={name}>
              <dt>{metric.name}</dt>
              <dd>
                <Aged at={latest.time} cadence={kind.interval_seconds}>
                  <strong>{valueText(latest.value, metric.unit)}</strong>
                </Aged>
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

function Alerts({ id }: { id: string }) {
  const list = useList<Alert>(asking("/api/v1/alerts", { device: id, limit: 20 }));
  return (
    <section aria-labelledby="alerts">
      <h2 id="alerts">{say("alerts")}</h2>
      <Listed of={list}>
        {(items) => (
          <table class="rows">
            <Columns of={[told("state"), say("alerts"), say("began"), say("ended")]} />
            <tbody>
              {items.map((alert) => (
                <tr key={alert.id}>
                  <td>
                    <SeverityMark severity={alert.severity} />
                  </td>
                  <td>
                    {alert.incident ? <a href={toIncident(alert.incident)}>{alert.summary}</a> : alert.summary}{" "}
                    <small class="dim">{alert.rule}</small>
                  </td>
                  <td data-label={say("began")}>
                    <Moment at={alert.starts_at} />
                  </td>
                  <td data-label={say("ended")}>
                    <Moment at={alert.ends_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Listed>
    </section>
  );
}

function Notes({ id }: { id: string }) {
  const path = `/api/v1/devices/${encodeURIComponent(id)}/notes`;
  const notes = useList<Note>(path);
  return (
    <section aria-labelledby="notes">
      <h2 id="notes">{say("notes")}</h2>
      <NoteList of={notes} />
      {mayNote() && <NoteForm path={path} label={say("note")} button={told("add")} done={notes.reload} />}
    </section>
  );
}

function Facts({ device }: { device: Device }) {
  const { latitude, longitude, external_ids, attributes } = device;
  return (
    <section aria-labelledby="about">
      <h2 id="about">{say("about")}</h2>
      <dl class="facts">
        <dt>{say("hangs_on")}</dt>
        <dd>
          <Parents parents={device.parents} />
        </dd>
        {latitude !== null && longitude !== null && (
          <>
            <dt>{say("where")}</dt>
            <dd>
              <a href={`geo:${latitude},${longitude}`}>
                {latitude.toFixed(5)}, {longitude.toFixed(5)}
              </a>
            </dd>
          </>
        )}
        {Object.entries(external_ids).map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
        {Object.entries(attributes).map(([name, value]) => (
          <Fact key={name} name={attributeWord(name)} value={attributeText(name, value)} />
        ))}
      </dl>
    </section>
  );
}

const WORDED = ["cable_metres", "role", "river"] as const;

/** What a city's list says of a device is as the list says it, but for what every list does. */
function attributeWord(name: string): string {
  const known = WORDED.find((one) => one === name);
  return known ? say(known) : name;
}

function attributeText(name: string, value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return name === "cable_metres" && !Number.isNaN(Number(text)) ? `${whole(Number(text))} m` : text;
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
