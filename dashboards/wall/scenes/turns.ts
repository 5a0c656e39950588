/** Which scene is on, by the passing of time, by what is going on, and by what the operator wishes. No clock of its own. */

export type Scene = "network" | "cameras" | "environment" | "incidents";
export const SCENES: readonly Scene[] = ["network", "cameras", "environment", "incidents"];

/** An operator's wish is forgotten after so long: a wall that somebody has left goes on by itself. */
export const PICKED_MS = 120_000;
export const HELD_MS = 3_600_000;

/** What is on; all times on the page's monotonic clock, in ms. */
export interface Turn {
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

export const begun = (scenes: readonly Scene[], now: number): Turn => ({
  scene: scenes[0] ?? "network",
  since: now,
  pickedAt: null,
  heldAt: null,
});

/** What is on at `now`. The very same value where nothing changes. */
export function turned(turn: Turn, now: number, { scenes, sceneSeconds, critical }: Terms): Turn {
  if (within(turn.heldAt, now, HELD_MS) || within(turn.pickedAt, now, PICKED_MS)) return turn;
  if (critical) return turn.scene === "incidents" && turn.heldAt === null ? turn : begun(["incidents"], now);
  if (turn.heldAt === null && scenes.includes(turn.scene) && now - turn.since < sceneSeconds * 1_000) return turn;
  return begun([following(turn.scene, scenes)], now);
}

export const picked = (scene: Scene, now: number): Turn => ({ scene, since: now, pickedAt: now, heldAt: null });

export const held = (turn: Turn, now: number): Turn => ({
  ...turn,
  since: now,
  pickedAt: null,
  heldAt: turn.heldAt === null ? now : null,
});

/** How much of its time a scene has had, from 0 to 1; null where it stays. */
export function passed(turn: Turn, now: number, { scenes, sceneSeconds, critical }: Terms): number | null {
  if (critical || turn.heldAt !== null || scenes.length < 2) return null;
  const span = turn.pickedAt === null ? sceneSeconds * 1_000 : PICKED_MS;
  return Math.min(1, (now - turn.since) / span);
}

const within = (at: number | null, now: number, span: number): boolean => at !== null && now - at < span;

function following(scene: Scene, scenes: readonly Scene[]): Scene {
  return scenes[(scenes.indexOf(scene) + 1) % scenes.length] ?? "network";
}
