/** All that the tiles of the wall are drawn from: the live city, what is polled beside it, and what is looked at. */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { components } from "../generated/api";
import { City } from "../screen/city";
import { dayBegan, known, serverNow, tick } from "../screen/clock";
import { blindSince, live, readAt } from "../screen/link";
import { type Remote, remote } from "../screen/remote";
import type { About, Incident } from "../screen/shapes";
import { looked, ordered, ownersOf, stepped } from "./incidents/order";
import type { Pages } from "./incidents/pages";
import { begun, following, held, PICKED_MS, passed, picked, SCENES, type Scene, type Showing } from "./scenes/showing";
import { heardByKind, type KindCount, kindCounts, unwell } from "./tiles/census";

type Schemas = components["schemas"];

const AVAILABILITY_SECONDS = 120;
const PAGES_SECONDS = 15;
const DUTY_SECONDS = 60;
const RESOLVED_SECONDS = 60;
/** As many pages as are asked for; of what is older nothing is said. */
const PAGES_MOST = 100;
/** Lines of the list of who is not well. */
export const UNWELL_MOST = 5;

export interface View {
  readonly about: About;
  readonly city: City;
  readonly availability: Remote<Schemas["Availability"]>;
  readonly pages: Remote<Pages>;
  readonly duty: Remote<Schemas["Now"]>;
  readonly resolved: Remote<Schemas["Incidents"]>;
  readonly kinds: ReadonlySignal<KindCount[]>;
  readonly heard: ReadonlySignal<ReadonlyMap<string, number | null>>;
  readonly unwell: ReadonlySignal<ReturnType<typeof unwell>>;
  readonly owners: ReadonlySignal<ReadonlyMap<number, string[]>>;
  readonly incidents: ReadonlySignal<readonly Incident[]>;
  readonly critical: ReadonlySignal<readonly number[]>;
  /** The incident that the wall looks at. */
  readonly focus: ReadonlySignal<Incident | null>;
  readonly showing: ReadonlySignal<Showing>;
  readonly scenes: readonly Scene[];
  /** Share of the scene's time that passed; null where it stays. */
  readonly passed: ReadonlySignal<number | null>;
  /** Counts the times of a scene: what does not fit takes turns by it. */
  readonly page: ReadonlySignal<number>;
  readonly readAt: ReadonlySignal<number | null>;
  readonly blindSince: ReadonlySignal<number | null>;
  pick(scene: Scene): void;
  hold(): void;
  step(by: 1 | -1): void;
}

export function viewOf(about: About): View {
  const city = new City();
  const scenes = SCENES.filter((scene) => about.wall.scenes.includes(scene));
  const kinds = computed(() => {
    void city.statesRevision.value;
    return kindCounts(city.devices.values(), Object.keys(about.kinds));
  });
  const owners = computed(() => {
    void city.alertsRevision.value;
    return ownersOf(city.alerts.values());
  });
  const incidents = computed(() => {
    void city.incidentsRevision.value;
    return ordered(city.incidents.values(), owners.value);
  });
  const critical = computed(() => incidents.value.filter(isCritical).map(({ id }) => id));
  const { showing, page, ...stage } = staging(
    about,
    scenes,
    computed(() => critical.value.length > 0),
  );
  const chosen = signal<{ id: number; at: number } | null>(null);
  const focus = computed(() => {
    const { id, at } = chosen.value ?? { id: null, at: 0 };
    void tick.value;
    return looked(incidents.value, performance.now() - at < PICKED_MS ? id : null, page.value);
  });
  return {
    about,
    city,
    scenes,
    kinds,
    owners,
    incidents,
    critical,
    focus,
    showing,
    page,
    readAt,
    blindSince,
    ...stage,
    ...polled(city),
    heard: heard(city),
    unwell: computed(() => {
      void city.statesRevision.value;
      return unwell(city.devices.values(), UNWELL_MOST);
    }),
    step: (by) => {
      const id = stepped(incidents.value, focus.value?.id ?? null, by);
      if (id !== null) chosen.value = { id, at: performance.now() };
    },
  };
}

export const isCritical = ({ severity }: Incident): boolean => severity === "critical";

/** Asked for when they are due, and at once when the server is back; who was told, also when an incident changes. */
function polled(city: City): Pick<View, "availability" | "pages" | "duty" | "resolved"> {
  const today = () => encodeURIComponent(new Date(dayBegan(serverNow())).toISOString());
  const asked = {
    availability: remote<Schemas["Availability"]>(
      () => `/api/v1/availability?by=kind&from=${today()}`,
      AVAILABILITY_SECONDS,
    ),
    pages: remote<Pages>(() => `/api/v1/notifications?limit=${PAGES_MOST}`, PAGES_SECONDS),
    duty: remote<Schemas["Now"]>(() => "/api/v1/oncall/now", DUTY_SECONDS),
    resolved: remote<Schemas["Incidents"]>(() => "/api/v1/incidents?state=resolved&limit=8", RESOLVED_SECONDS),
  };
  effect(() => {
    if (live.value) for (const one of Object.values(asked)) void one.refresh();
  });
  effect(() => {
    if (city.incidentsRevision.value > 0) for (const one of [asked.pages, asked.resolved]) void one.refresh();
  });
  return asked;
}

/**
 * When each kind was heard last. Readings come all the time: it is reckoned once a second, and only if any came; and at
 * once when the list of devices changed, so that no kind is shown as if it had never been heard.
 */
function heard(city: City): ReadonlySignal<ReadonlyMap<string, number | null>> {
  const found = signal<ReadonlyMap<string, number | null>>(new Map());
  let at = -1;
  effect(() => {
    void tick.value;
    void city.statesRevision.value;
    const revision = city.devicesRevision.peek();
    if (revision === at) return;
    at = revision;
    found.value = heardByKind(city.devices.values());
  });
  return found;
}

function staging(
  about: About,
  scenes: readonly Scene[],
  critical: ReadonlySignal<boolean>,
): Pick<View, "showing" | "passed" | "page" | "pick" | "hold"> {
  const sceneSeconds = about.wall.scene_seconds;
  const showing = signal(begun(scenes, performance.now()));
  const terms = () => ({ scenes, sceneSeconds, critical: critical.value });
  const page = signal(0);
  effect(() => {
    void tick.value;
    if (!known.value) return;
    const now = performance.now();
    const next = following(showing.peek(), now, terms());
    batch(() => {
      showing.value = next;
      page.value = Math.floor(now / (sceneSeconds * 1_000));
    });
  });
  return {
    showing,
    page,
    passed: computed(() => {
      void tick.value;
      return passed(showing.value, performance.now(), terms());
    }),
    pick: (scene) => {
      showing.value = picked(scene, performance.now());
    },
    hold: () => {
      showing.value = held(showing.value, performance.now());
    },
  };
}
