/** Pure: which cameras stand near a device. */
import type { Device } from "../../screen/shapes";

const EARTH_METRES = 6_371_000;

export interface Near {
  device: Device;
  metres: number;
}

/** The nearest first. */
export function nearest(to: Device, devices: Iterable<Device>, most: number): Near[] {
  const found: Near[] = [];
  for (const device of devices) {
    const metres = device.kind === "camera" && device.id !== to.id ? distance(to, device) : null;
    if (metres !== null) found.push({ device, metres });
  }
  return found.sort((one, other) => one.metres - other.metres).slice(0, most);
}

type Placed = Pick<Device, "latitude" | "longitude">;

/** Along the great circle (haversine), in metres; null where one of them has no place. */
export function distance(one: Placed, other: Placed): number | null {
  if (one.latitude === null || one.longitude === null || other.latitude === null || other.longitude === null)
    return null;
  const [a, b] = [radians(one.latitude), radians(other.latitude)];
  const north = radians(other.latitude - one.latitude) / 2;
  const east = radians(other.longitude - one.longitude) / 2;
  const half = Math.sin(north) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(east) ** 2;
  return 2 * EARTH_METRES * Math.asin(Math.sqrt(half));
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
