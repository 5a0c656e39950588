/** Which cameras come forward when something is going on: those that it concerns, and those that look at the place. */
import type { Device, Incident } from "../../screen/shapes";

/** Beyond this a camera sees nothing of it. */
const NEAR_METRES = 2_500;
/** Of those that only stand near, the nearest. */
const NEAR_MOST = 4;
const METRES_PER_DEGREE = 111_320;

type Known = ReadonlyMap<string, Device>;

/** Ids of cameras, at most `most`: who can show something first, and of these who is nearest. */
export function forward(incident: Incident, devices: Known, most: number): string[] {
  const root = devices.get(incident.root);
  const concerned = concernedBy(incident, devices);
  const cameras = [...devices.values()].filter(({ kind }) => kind === "camera");
  const distance = new Map(cameras.map((camera) => [camera.id, metresBetween(root, camera)]));
  const far = (camera: Device) => distance.get(camera.id) ?? Number.POSITIVE_INFINITY;
  const byNearness = (one: Device, other: Device) =>
    Number(other.state === "up") - Number(one.state === "up") || far(one) - far(other) || (one.id < other.id ? -1 : 1);
  const near = cameras
    .filter((camera) => !concerned.has(camera.id) && far(camera) <= NEAR_METRES)
    .sort((one, other) => far(one) - far(other))
    .slice(0, NEAR_MOST);
  const chosen = [...cameras.filter(({ id }) => concerned.has(id)), ...near];
  return chosen
    .sort(byNearness)
    .slice(0, most)
    .map(({ id }) => id);
}

/** Those that failed with it, those held back because of it, and those that the failed device names as its own. */
function concernedBy({ root, suppressed }: Incident, devices: Known): Set<string> {
  const found = new Set([root, ...suppressed.map(({ device }) => device)]);
  for (const device of devices.values()) if (device.cause === root) found.add(device.id);
  for (const id of namedBy(devices.get(root))) found.add(id);
  return found;
}

/** The attribute `cameras` of a device: who looks at it; ids with commas or spaces between, or a list. */
function namedBy(device: Device | undefined): string[] {
  const named: unknown = device?.attributes.cameras;
  if (Array.isArray(named)) return named.map(String);
  return typeof named === "string" ? named.split(/[\s,;]+/).filter(Boolean) : [];
}

type Placed = Pick<Device, "latitude" | "longitude">;

/** On a plane that touches the earth there: within a regency the error is less than a percent. */
export function metresBetween(one: Placed | undefined, other: Placed): number {
  if (one?.latitude == null || one.longitude == null || other.latitude == null || other.longitude == null) {
    return Number.POSITIVE_INFINITY;
  }
  const north = other.latitude - one.latitude;
  const east = (other.longitude - one.longitude) * Math.cos((one.latitude * Math.PI) / 180);
  return METRES_PER_DEGREE * Math.hypot(north, east);
}

/** One page of the rest: `page` counts for ever, and the cameras take turns. */
export function pageOf<Item>(items: readonly Item[], size: number, page: number): readonly Item[] {
  if (size <= 0) return [];
  const start = (page % Math.max(1, Math.ceil(items.length / size))) * size;
  return items.slice(start, start + size);
}
