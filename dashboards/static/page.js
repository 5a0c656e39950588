// The first page: a snapshot, then deltas, from /api/v1/events. Every age is reckoned from the server's clock, never
// from this machine's, and whatever is older than its own cadence says so.

const { words, kinds, language, time_zone: timeZone } = JSON.parse(document.documentElement.dataset.given);
const STATES = ["up", "degraded", "down", "unreachable", "unknown"];
const SILENT_MS = 10_000; // without a sign of the stream, or of the database behind it: frozen
const RETRY_MS = 2_000;
const CADENCES = 2; // a value is old when its next but one is due
const WORST_FIRST = ["down", "unreachable", "degraded", "unknown"];
const TROUBLES = 11; // as many as stand beside the counts
const FAULTS = "faults"; // the column of all metrics that are faults
const COUNT_MS = 200; // a whole city that comes back is counted a few times, not once per device

const devices = new Map();
const alerts = new Map();
const rows = new Map();
let offset = null; // server's clock less this page's monotonic one, in ms
let heard = null; // when the stream was last heard, on the monotonic clock
let read = null; // when the server last read its database, server time in ms
let blindSince = null; // since when the centre itself does not see, as it says
let counting = null; // the timer of the next count
let countedOn = null; // the day of the last one: on the next, what began then needs its date

const byId = (id) => document.getElementById(id);
const serverNow = () => performance.now() + offset;
const ms = (time) => Date.parse(time);
const locale = language === "id" ? "id-ID" : "en-GB";
const clock = new Intl.DateTimeFormat(locale, { timeZone, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const shownTime = (millis) => clock.format(millis).replaceAll(".", ":");
const day = new Intl.DateTimeFormat(locale, { timeZone, day: "numeric", month: "short", year: "numeric" });
const numbers = (options) => new Intl.NumberFormat(locale, options);
const number = numbers({ maximumSignificantDigits: 4 });
const short = numbers({ maximumSignificantDigits: 3 });
const whole = numbers({ maximumFractionDigits: 0 });
// As many decimals in every line, so that a column can be read down.
const DECIMALS = { dBm: 1, "°C": 1, ms: 1, "%": 1, m: 2, V: 0, A: 1, W: 0, Hz: 2, "1/s": 1, "mm/h": 1, "m/s": 1, "°": 0, "µg/m³": 0, hPa: 0 };
const decimals = Object.fromEntries(Object.entries(DECIMALS).map(([unit, digits]) => [unit, numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits })]));

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
    counting ??= setTimeout(count, COUNT_MS);
  },
  reading(data) {
    const device = devices.get(data.device);
    if (!device) return;
    const { last_seen, latest } = data; // another state is a message of its own
    Object.assign(device, { last_seen, latest: { ...device.latest, ...latest } });
    update(device.id);
  },
  alert(data) {
    if (data.state === "resolved") alerts.delete(data.id);
    else alerts.set(data.id, data);
  },
  heartbeat(data) {
    read = data.read_at && ms(data.read_at);
    blindSince = data.blind_since && ms(data.blind_since);
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
  const titles = [words.device, words.area, words.state, words.age, ...columns(kind).map(([, { name }]) => name)];
  titles.forEach((name, column) => head.appendChild(element("th", column < 3 ? "" : "value")).append(element("span", "", name)));
  const body = table.createTBody();
  members.sort((one, other) => one.name.localeCompare(other.name, language)).forEach((device) => body.append(row(device)));
  made.append(title, table);
  return made;
}

// A column for each metric; one for all that are faults.
function columns(kind) {
  const metrics = Object.entries(kinds[kind].metrics);
  const measured = metrics.filter(([, { fault }]) => !fault);
  return measured.length < metrics.length ? [...measured, [FAULTS, { name: words.faults, unit: "" }]] : measured;
}

function row(device) {
  const { interval_seconds: interval } = kinds[device.kind];
  const cells = { row: element("tr"), name: element("b"), limit: CADENCES * interval * 1000, values: new Map() };
  cell(cells.row, "name", "").append(cells.name, " ", element("small", "id", device.id));
  cells.area = cell(cells.row, "area", "");
  const state = cell(cells.row, "state", "");
  state.append((cells.state = element("span")), (cells.marks = element("small", "marks")));
  cells.age = cell(cells.row, "value age", words.age);
  for (const [metric, { name, unit }] of columns(device.kind)) {
    const made = cell(cells.row, "value", name);
    made.append(element("span"), element("small", "age"));
    cells.values.set(metric, { cell: made, text: made.firstChild, age: made.lastChild, unit, time: null });
  }
  rows.set(device.id, cells);
  update(device.id);
  return cells.row;
}

function cell(row, className, label) {
  const made = row.appendChild(element("td", className));
  if (label) made.dataset.label = label;
  return made;
}

function update(id) {
  const device = devices.get(id);
  const cells = rows.get(id);
  if (!device || !cells) return;
  setText(cells.name, device.name);
  setText(cells.area, device.area);
  setText(cells.state, words[device.state]);
  setText(cells.marks, marked(device).join(", "));
  cells.state.title = because(device).join("");
  cells.row.className = device.state;
  for (const [metric, { value, time }] of Object.entries({ ...device.latest, ...faults(device) })) {
    const shown = cells.values.get(metric);
    if (!shown) continue; // of another kind, which this device was before
    shown.time = ms(time);
    setText(shown.text, valueText(value, shown.unit));
    shown.cell.title = `${day.format(shown.time)} ${shownTime(shown.time)}`;
  }
  age(cells);
}

// Which faults are true, as old as the oldest word on any of them.
function faults({ kind, latest }) {
  const known = Object.entries(kinds[kind].metrics).filter(([metric, { fault }]) => fault && latest[metric]);
  if (known.length === 0) return {};
  const named = known.filter(([metric]) => latest[metric].value).map(([, { name }]) => name);
  const times = known.map(([metric]) => latest[metric].time);
  return { [FAULTS]: { value: named.join(", ") || words.none, time: times.reduce((one, other) => (ms(one) < ms(other) ? one : other)) } };
}

// A line's age is that of its oldest value, but for those older than their cadence: they are hatched, and say their own.
function age(cells) {
  const known = [...cells.values.values()].filter((shown) => shown.time !== null).map((shown) => ({ shown, millis: serverNow() - shown.time }));
  const ages = known.map(({ millis }) => millis);
  const fresh = ages.filter((millis) => millis <= cells.limit);
  const line = duration(fresh.length > 0 ? Math.max(...fresh) : Math.min(...ages));
  setText(cells.age, known.length > 0 ? line : words.never);
  cells.age.classList.toggle("old", known.length > 0 && fresh.length === 0);
  for (const { shown, millis } of known) {
    const own = duration(millis);
    shown.cell.classList.toggle("old", millis > cells.limit);
    setText(shown.age, millis > cells.limit && own !== line ? own : "");
  }
}

function valueText(value, unit) {
  if (typeof value === "string") return value;
  if (unit === "bool") return value ? words.yes : words.no;
  if (unit === "ratio") return measured(value * 100, "%");
  if (unit === "B") return scaled(value, ["B", "kB", "MB", "GB", "TB", "PB"]);
  if (unit === "s" && Math.abs(value) >= 60) return `${value < 0 ? "-" : ""}${duration(Math.abs(value) * 1000)}`;
  if (unit === "s") return Math.abs(value) < 1 ? measured(value * 1000, "ms") : measured(value, words.second);
  if (unit === "1/s") return `${decimals[unit].format(value)} /${words.second}`;
  if (unit === "Pa") return measured(value / 100, "hPa");
  if (unit === "count") return whole.format(value);
  if (unit === "code") return String(value);
  if (unit === "grade") return words[`grade_${value}`] ?? String(value);
  return measured(value, unit);
}

function measured(value, unit) {
  return `${(decimals[unit] ?? number).format(value)} ${unit}`;
}

function scaled(value, units) {
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${short.format(value / 1000 ** power)} ${units[power]}`;
}

function duration(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const names = language === "id" ? ["dtk", "mnt", "jam", "hari"] : ["s", "min", "h", "d"];
  if (seconds < 60) return `${seconds} ${names[0]}`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} ${names[1]}`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} ${names[2]}`;
  return `${Math.floor(seconds / 86400)} ${names[3]}`;
}

// In the city's zone: the time, or the day where it was not today.
function moment(millis) {
  return day.format(serverNow()) === day.format(millis) ? shownTime(millis) : day.format(millis);
}

function count() {
  clearTimeout(counting);
  counting = null;
  countedOn = day.format(serverNow());
  const counts = new Map();
  for (const { kind, state } of devices.values()) {
    if (!counts.has(kind)) counts.set(kind, { total: 0 });
    const kindCounts = counts.get(kind);
    kindCounts.total += 1;
    kindCounts[state] = (kindCounts[state] ?? 0) + 1;
  }
  const order = Object.keys(kinds).filter((kind) => counts.has(kind));
  byId("counts").tBodies[0].replaceChildren(...order.map((kind) => countRow(kind, counts.get(kind))));
  troubles([...devices.values()].filter(({ state }) => state !== "up"));
}

// Who is not well, beside the counts: the worst first, of these the newest.
function troubles(unwell) {
  const rank = ({ state }) => WORST_FIRST.indexOf(state);
  unwell.sort((one, other) => rank(one) - rank(other) || (other.since ?? "").localeCompare(one.since ?? "") || one.id.localeCompare(other.id));
  byId("troubles").replaceChildren(...unwell.slice(0, TROUBLES).map(trouble));
  const more = unwell.length - TROUBLES;
  setText(byId("more"), unwell.length === 0 ? words.all_up : more > 0 ? `+ ${more} ${words.more}` : "");
}

function trouble(device) {
  const made = element("li");
  const since = device.since ? `${words.since} ${moment(ms(device.since))}` : "";
  const who = element("span", "who", device.name);
  const why = [...because(device), ...marked(device)].join(", ");
  if (why) who.append(" ", element("small", "", why));
  made.append(element("b", device.state, words[device.state]), who, element("small", "", device.area), element("small", "since", since));
  return made;
}

// What is said beside a state: because of which device, by its name; and the marks.
const because = ({ cause }) => (cause ? [`${words.because} ${devices.get(cause)?.name ?? cause}`] : []);
const marked = ({ marks }) => marks.map((mark) => words[`mark_${mark}`] ?? mark);

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
    for (const cells of rows.values()) age(cells);
    if (countedOn !== day.format(serverNow())) count();
    header();
  }
  warn();
}

function header() {
  const newest = Math.max(...[...devices.values()].map((device) => (device.last_seen ? ms(device.last_seen) : 0)));
  setText(byId("newest"), newest > 0 ? `${duration(serverNow() - newest)} ${words.ago}` : words.never);
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
  const text = frozen !== null ? `${words.frozen} ${shownTime(frozen)}` : blindSince ? `${words.blind} ${moment(blindSince)}` : "";
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
