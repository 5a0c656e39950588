// The first page: a snapshot, then deltas, from /api/v1/events. Every age is reckoned from the server's clock, never
// from this machine's, and whatever is older than its own cadence says so.

const { words, kinds, language, time_zone: timeZone, blind_after_seconds: blindSeconds } = JSON.parse(document.documentElement.dataset.given);
const STATES = ["up", "degraded", "down", "unreachable", "unknown"];
const SILENT_MS = 10_000; // without a sign of the stream, or of the database behind it: frozen
const RETRY_MS = 2_000;
const CADENCES = 2; // a value is old when its next but one is due

const devices = new Map();
const alerts = new Map();
const rows = new Map();
let offset = null; // server's clock less this page's monotonic one, in ms
let heard = null; // when the stream was last heard, on the monotonic clock
let read = null; // when the server last read its database, server time in ms
let blindSince = null; // as the snapshot said

const byId = (id) => document.getElementById(id);
const serverNow = () => performance.now() + offset;
const ms = (time) => Date.parse(time);
const clock = new Intl.DateTimeFormat(language === "id" ? "id-ID" : "en-GB", { timeZone, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const shownTime = (millis) => clock.format(millis).replaceAll(".", ":");
const number = new Intl.NumberFormat(language === "id" ? "id-ID" : "en-GB", { maximumSignificantDigits: 4, useGrouping: true });

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// -- what arrives

function take(message) {
  heard = performance.now();
  // A snapshot is as old as the server's last look; the heartbeat that follows it at once tells the time.
  if (message.type === "heartbeat") offset = ms(message.data.server_time) - heard;
  offset ??= ms(message.at) - heard;
  handlers[message.type]?.(message.data, message);
  if (message.type !== "heartbeat") read = Math.max(read ?? 0, ms(message.at));
  if (message.type !== "device" && message.type !== "reading") tick();
}

const handlers = {
  snapshot(data) {
    devices.clear();
    alerts.clear();
    data.devices.forEach((device) => devices.set(device.id, device));
    data.alerts.forEach((alert) => alerts.set(alert.id, alert));
    blindSince = data.summary.blind_since && ms(data.summary.blind_since);
    build();
  },
  device(data) {
    const known = devices.get(data.id);
    if (data.removed) devices.delete(data.id);
    else devices.set(data.id, data);
    if (data.removed || known?.kind !== data.kind) build();
    else update(data.id);
    count();
  },
  reading(data) {
    const device = devices.get(data.device);
    if (!device) return;
    const { state, since, last_seen, latest } = data;
    Object.assign(device, { state, since, last_seen, latest: { ...device.latest, ...latest } });
    update(device.id);
  },
  alert(data) {
    if (data.state === "resolved") alerts.delete(data.id);
    else alerts.set(data.id, data);
  },
  heartbeat(data) {
    read = data.read_at && ms(data.read_at);
  },
};

// -- what is shown

function build() {
  rows.clear();
  const groups = Object.groupBy([...devices.values()], (device) => device.kind);
  const order = Object.keys(kinds).filter((kind) => groups[kind]);
  byId("kinds").replaceChildren(...order.map((kind) => section(kind, groups[kind])));
  count();
}

function section(kind, members) {
  const made = element("section");
  const title = element("h2", "", `${kinds[kind].name} `);
  title.append(element("small", "", String(members.length)));
  const table = element("table", "devices");
  const head = table.createTHead().insertRow();
  ["device", "area", "state", "readings"].forEach((word) => head.append(element("th", "", words[word])));
  const body = table.createTBody();
  members.sort((one, other) => one.name.localeCompare(other.name, language)).forEach((device) => body.append(row(device)));
  made.append(title, table);
  return made;
}

function row(device) {
  const made = element("tr");
  const name = element("td");
  name.append(element("span", "name"), element("span", "id", device.id));
  const cells = { row: made, name: name.firstChild, area: element("td"), state: element("td", "state"), readings: element("td"), shown: new Map() };
  made.append(name, cells.area, cells.state, cells.readings);
  rows.set(device.id, cells);
  update(device.id);
  return made;
}

function update(id) {
  const device = devices.get(id);
  const cells = rows.get(id);
  if (!device || !cells) return;
  setText(cells.name, device.name);
  setText(cells.area, device.area);
  setText(cells.state, words[device.state]);
  cells.state.className = `state ${device.state}`;
  if (Object.keys(device.latest).length === 0) setText(cells.readings, words.never);
  for (const [metric, { value, time }] of Object.entries(device.latest)) reading(cells, device.kind, metric, value, ms(time));
}

function reading(cells, kind, metric, value, time) {
  if (cells.shown.size === 0) cells.readings.replaceChildren();
  if (!cells.shown.has(metric)) {
    const made = element("span", "reading");
    made.append(element("span", "label", kinds[kind].metrics[metric]?.name ?? metric), " ", element("b"), " ", element("span", "age"));
    cells.shown.set(metric, { made, value: made.querySelector("b"), age: made.querySelector(".age") });
    cells.readings.append(made);
  }
  const shown = cells.shown.get(metric);
  Object.assign(shown, { time, interval: kinds[kind].interval_seconds * 1000 });
  setText(shown.value, valueText(value, kinds[kind].metrics[metric]?.unit ?? ""));
  age(shown);
}

function valueText(value, unit) {
  if (unit === "bool") return value ? words.yes : words.no;
  if (unit === "ratio") return `${number.format(value * 100)} %`;
  if (unit === "B") return scaled(value, ["B", "kB", "MB", "GB", "TB", "PB"]);
  if (unit === "s" && value >= 60) return duration(value * 1000);
  if (unit === "s" && value < 1) return `${number.format(value * 1000)} ms`;
  if (unit === "Pa") return `${number.format(value / 100)} hPa`;
  if (unit === "count" || unit === "code") return new Intl.NumberFormat(language).format(value);
  return `${number.format(value)} ${unit}`;
}

function scaled(value, units) {
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${number.format(value / 1000 ** power)} ${units[power]}`;
}

function duration(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const names = language === "id" ? ["dtk", "mnt", "jam", "hari"] : ["s", "min", "h", "d"];
  if (seconds < 60) return `${seconds} ${names[0]}`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} ${names[1]}`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} ${names[2]}`;
  return `${Math.floor(seconds / 86400)} ${names[3]}`;
}

function age(shown) {
  const millis = serverNow() - shown.time;
  setText(shown.age, duration(millis));
  shown.made.classList.toggle("old", millis > CADENCES * shown.interval);
}

function count() {
  const counts = new Map();
  for (const { kind, state } of devices.values()) {
    if (!counts.has(kind)) counts.set(kind, { total: 0 });
    const kindCounts = counts.get(kind);
    kindCounts.total += 1;
    kindCounts[state] = (kindCounts[state] ?? 0) + 1;
  }
  const order = Object.keys(kinds).filter((kind) => counts.has(kind));
  byId("counts").tBodies[0].replaceChildren(...order.map((kind) => countRow(kind, counts.get(kind))));
}

function countRow(kind, counts) {
  const made = element("tr");
  const name = element("th", "", kinds[kind].name);
  name.scope = "row";
  made.append(name, element("td", "", String(counts.total)));
  STATES.forEach((state) => made.append(element("td", counts[state] ? state : "none", String(counts[state] ?? 0))));
  return made;
}

// -- the passing of time

function tick() {
  if (offset !== null) {
    setText(byId("clock"), shownTime(serverNow()));
    for (const cells of rows.values()) for (const shown of cells.shown.values()) age(shown);
    header();
  }
  warn();
}

function header() {
  const newest = Math.max(...[...devices.values()].map((device) => (device.last_seen ? ms(device.last_seen) : 0)));
  setText(byId("newest"), newest > 0 ? `${duration(serverNow() - newest)} ${words.ago}` : words.never);
  if (newest > 0 && serverNow() - newest > blindSeconds * 1000) blindSince ??= newest;
  else if (newest > 0) blindSince = null;
  setText(byId("alerts"), String([...alerts.values()].filter((alert) => alert.state !== "pending").length));
}

function frozenSince() {
  if (heard === null) return null;
  if (performance.now() - heard > SILENT_MS) return Math.min(heard + offset, read ?? Infinity);
  return read !== null && serverNow() - read > SILENT_MS ? read : null;
}

function warn() {
  const frozen = frozenSince();
  document.body.classList.toggle("frozen", frozen !== null);
  byId("link").className = frozen === null && heard !== null ? "live" : "";
  setText(byId("link"), frozen === null && heard !== null ? words.live : words.connecting);
  const text = frozen !== null ? `${words.frozen} ${shownTime(frozen)}` : blindSince ? `${words.blind} ${shownTime(blindSince)}` : "";
  setText(byId("warning"), text);
  byId("warning").hidden = !text;
}

// -- the stream: EventSource gives up for ever after one refusal, so connecting again is done here

function connect() {
  const source = new EventSource("/api/v1/events");
  source.onmessage = (event) => take(JSON.parse(event.data));
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(reconnect, RETRY_MS);
  };
}

async function reconnect() {
  try {
    const answer = await fetch("/api/v1/summary");
    if (answer.status === 401) return location.assign("/login");
  } catch {
    // the server is away; the warning says so, and the next attempt follows
  }
  connect();
}

connect();
setInterval(tick, 1_000);
