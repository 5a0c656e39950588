/** Which scene is on, by the passing of time, by what is going on, and by what the operator wishes. No clock of its own. */

export type Scene = "network" | "cameras" | "environment" | "incidents";
export const SCENES: readonly Scene[] = ["network", "cameras", "environment", "incidents"];

/** An operator's wish is forgotten after so long: a wall that somebody has left goes on by itself. */
export const PICKED_MS = 120_000;
export const HELD_MS = 3_600_000;

/** What is on; all times on the page's monotonic clock, in ms. */
export interface Showing {
  readonly scene: Scene;
  readonly since: number;
  /** When the operator asked for this scene. */
  readonly pickedAt: number | null;
  /** Since when the operator has held it. */
  readonly heldAt: number | null;
}

export interface Terms {
  scenes: readonly Scene[];
  sceneSeconds: number;
  /** A critical incident is open: its scene stays. */
  critical: boolean;
}

export const begun = (scenes: readonly Scene[], now: number): Showing => ({
  scene: scenes[0] ?? "network",
  since: now,
  pickedAt: null,
  heldAt: null,
});

/** What is on at `now`. The very same value where nothing changes. */
export function following(showing: Showing, now: number, { scenes, sceneSeconds, critical }: Terms): Showing {
  if (within(showing.heldAt, now, HELD_MS) || within(showing.pickedAt, now, PICKED_MS)) return showing;
  if (critical) return showing.scene === "incidents" && showing.heldAt === null ? showing : begun(["incidents"], now);
  if (showing.heldAt === null && scenes.includes(showing.scene) && now - showing.since < sceneSeconds * 1_000)
    return showing;
  return begun([after(showing.scene, scenes)], now);
}

export const picked = (scene: Scene, now: number): Showing => ({ scene, since: now, pickedAt: now, heldAt: null });

export const held = (showing: Showing, now: number): Showing => ({
  ...showing,
  since: now,
  pickedAt: null,
  heldAt: showing.heldAt === null ? now : null,
});

/** How much of its time a scene has had, from 0 to 1; null where it stays. */
export function passed(showing: Showing, now: number, { scenes, sceneSeconds, critical }: Terms): number | null {
  if (critical || showing.heldAt !== null || scenes.length < 2) return null;
  const span = showing.pickedAt === null ? sceneSeconds * 1_000 : PICKED_MS;
  return Math.min(1, (now - showing.since) / span);
}

const within = (at: number | null, now: number, span: number): boolean => at !== null && now - at < span;

function after(scene: Scene, scenes: readonly Scene[]): Scene {
  return scenes[(scenes.indexOf(scene) + 1) % scenes.length] ?? "network";
}
