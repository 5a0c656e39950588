/** The page: how old it is, what is mine, what else is open, whom to call. */
import { language, say as sayShared } from "../screen/words";
import { Outbox } from "./deeds";
import { IncidentCard } from "./incident";
import { phoneLink, telegramLink } from "./links";
import { age, asking, kept, logOut, online, queue, refresh, trouble } from "./model";
import type { Item } from "./queue";
import { underWay } from "./queue";
import type { Contact, Incident, PhoneState } from "./shapes";
import { when } from "./time";
import { say } from "./words";

export function Page() {
  const state = kept.value?.body;
  const listed = new Set(state?.incidents.map(({ id }) => id));
  const underIncident = (item: Item) => underWay(item) && listed.has(item.incident);
  return (
    <>
      <Top />
      <main class={trouble.value ? "old" : ""}>
        <Outbox items={queue.value.filter((item) => !underIncident(item))} />
        {state ? <Incidents state={state} /> : <p class="quiet">{say("first")}</p>}
        {state && <Contacts contacts={state.contacts} />}
      </main>
      <Foot />
    </>
  );
}

function Top() {
  const state = kept.value?.body;
  return (
    <header class={trouble.value ? "top stale" : "top"}>
      <div class="line">
        <h1>Pantau</h1>
        {state && <span class="who">{state.me.name}</span>}
        {state?.on_call && (
          <span class="duty">
            {say("on_call")}
            {state.until ? ` ${say("until")} ${when(state.until)}` : ""}
          </span>
        )}
      </div>
      <div class="line">
        <Age />
        <button type="button" class="refresh" disabled={asking.value} onClick={() => void refresh()}>
          {say(asking.value ? "asking" : "refresh")}
        </button>
      </div>
      {trouble.value === "stranger" && (
        <p class="line">
          <a class="button main" href="/login?next=/phone">
            {say("log_in")}
          </a>
          {say("log_in_why")}
        </p>
      )}
    </header>
  );
}

/** Always there: never old as if it were now. */
function Age() {
  const why = trouble.value;
  const known = kept.value;
  return (
    <p class="age">
      <span role="status">
        {known && `${say("data_of")} ${when(known.at)} ${known.body.zone_label}`}
        {why && `${known ? " · " : ""}${say(why)}`}
        {why === "blind" && known?.body.blind_since && ` ${when(known.body.blind_since)}`}
      </span>
      {known && <small>{ago(age.value.text)}</small>}
    </p>
  );
}

const ago = (text: string): string => `${text} ${sayShared("ago")}`;

function Incidents({ state }: { state: PhoneState }) {
  const mine = state.incidents.filter((one) => one.mine);
  const others = state.incidents.filter((one) => !one.mine);
  return (
    <>
      {state.incidents.length === 0 && <p class="quiet">{say("quiet")}</p>}
      <List id="mine" title={say("mine")} incidents={mine} />
      <List id="others" title={say("others")} incidents={others} />
    </>
  );
}

function List({ id, title, incidents }: { id: string; title: string; incidents: Incident[] }) {
  if (incidents.length === 0) return null;
  const deeds = (incident: Incident) => queue.value.filter((item) => underWay(item) && item.incident === incident.id);
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title} · {incidents.length}
      </h2>
      {incidents.map((incident) => (
        <IncidentCard key={incident.id} incident={incident} deeds={deeds(incident)} />
      ))}
    </section>
  );
}

function Contacts({ contacts }: { contacts: Contact[] }) {
  if (contacts.length === 0) return null;
  return (
    <section aria-labelledby="contacts">
      <h2 id="contacts">{say("contacts")}</h2>
      <ul class="contacts">
        {contacts.map((contact) => (
          <li key={contact.name} class="card">
            <span>
              <b>{contact.name}</b>
              <br />
              {contact.role_text}
            </span>
            <Reaching contact={contact} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Reaching({ contact }: { contact: Contact }) {
  const telegram = telegramLink(contact);
  return (
    <span class="row">
      {contact.phone && (
        <a class="button" href={phoneLink(contact.phone)} aria-label={`${say("call")} ${contact.name}`}>
          {say("call")}
        </a>
      )}
      {telegram && (
        <a class="button" href={telegram} target="_blank" rel="noopener" aria-label={`Telegram ${contact.name}`}>
          Telegram
        </a>
      )}
    </span>
  );
}

function Foot() {
  return (
    <footer>
      {!isSecureContext && <p>{say("plain_http")}</p>}
      <div class="row">
        <a class="button" href={`/phone?lang=${language.value === "id" ? "en" : "id"}`}>
          {say("language")}
        </a>
        {kept.value && online.value && (
          <button type="button" onClick={() => void logOut()}>
            {say("log_out")}
          </button>
        )}
      </div>
    </footer>
  );
}
