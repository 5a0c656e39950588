/** Who is on call now and in the days to come, who stands in for whom, and what whoever comes next must know. */
import type { components } from "../../generated/api";
import { language } from "../../screen/words";
import { Asked, useRemote } from "../parts/asked";
import { Heading } from "../parts/heading";
import { Moment } from "../parts/time";
import { say as told } from "../words";
import { Calendar } from "./calendar";
import { Overrides } from "./overrides";
import { say } from "./words";

type Now = components["schemas"]["Now"];
type Brief = components["schemas"]["BriefShape"];
export type Person = components["schemas"]["Person"];

const EVERY_SECONDS = 60;

export default function OnCallPage() {
  const now = useRemote<Now>(`/api/v1/oncall/now?lang=${language.value}`, EVERY_SECONDS);
  const refresh = () => void now.refresh();
  return (
    <>
      <Heading title={told("oncall")} />
      <Asked of={now}>
        {({ items, faults }) => (
          <>
            <OnDuty items={items} />
            {faults.length > 0 && (
              <section aria-labelledby="faults">
                <h2 id="faults">{say("faults")}</h2>
                <ul class="fault">
                  {faults.map((fault) => (
                    <li key={fault}>{fault}</li>
                  ))}
                </ul>
              </section>
            )}
            <Calendar rotas={items.map(({ rota }) => rota)} of={now} />
            <Overrides rotas={items.map(({ rota }) => rota)} done={refresh} />
          </>
        )}
      </Asked>
      <HandOver />
    </>
  );
}

function OnDuty({ items }: { items: Now["items"] }) {
  return (
    <section aria-labelledby="now">
      <h2 id="now">{say("now")}</h2>
      {items.length === 0 && <p class="dim">{say("no_rotas")}</p>}
      <ul class="duty">
        {items.map((one) => (
          <li key={one.rota}>
            <strong>{one.rota}</strong>: <People people={one.technicians} contacts />{" "}
            <span class="dim">
              {one.until ? (
                <>
                  {say("until")} <Moment at={one.until} />
                </>
              ) : (
                say("for_ever")
              )}
              {one.following && (
                <>
                  {" · "}
                  {say("next")}: <People people={one.following.technicians} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function People({ people, contacts }: { people: readonly Person[]; contacts?: boolean }) {
  if (people.length === 0) return <span class="fault">{say("nobody")}</span>;
  return (
    <>
      {people.map((person, index) => (
        <span key={person.id}>
          {index > 0 && ", "}
          {person.name}
          {contacts && person.contacts?.map((contact) => <Contact key={contact.address} {...contact} />)}
        </span>
      ))}
    </>
  );
}

const DIALLED = new Set(["sms", "phone", "voice", "whatsapp"]);

function Contact({ channel, address }: { channel: string; address: string }) {
  const dialled = DIALLED.has(channel) && /^\+?\d[\d ]+$/.test(address);
  return (
    <small>
      {" "}
      {channel} {dialled ? <a href={`tel:${address.replaceAll(" ", "")}`}>{address}</a> : address}
    </small>
  );
}

function HandOver() {
  const brief = useRemote<Brief>(`/api/v1/oncall/brief?lang=${language.value}`, EVERY_SECONDS);
  return (
    <section aria-labelledby="brief">
      <h2 id="brief">{say("brief")}</h2>
      <Asked of={brief}>{({ text }) => <pre>{text}</pre>}</Asked>
      <p>
        <a href={`/api/v1/oncall/brief.txt?lang=${language.value}`} target="_blank" rel="noreferrer">
          {say("as_text")}
        </a>
      </p>
    </section>
  );
}
