/** A sound for a new critical incident, if the operator allowed it: two tones, made here, no file. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { begun } from "../../screen/link";
import { Alarm } from "./alarm";

const ALLOWED = "pantau.sound";
const KNOWN = "pantau.sounded";
const TONES = [880, 660, 880, 660];
const TONE_SECONDS = 0.28;

export type Sound = "on" | "off" | "waits";

/** `waits`: allowed, but the browser wants to see a key pressed first, since the page was loaded. */
export const sound = signal<Sound>("off");

let context: AudioContext | null = null;

export function toggle(): void {
  const allowed = sound.value === "off" || sound.value === "waits";
  localStorage.setItem(ALLOWED, String(allowed));
  void allow(allowed).then(() => {
    if (sound.value === "on") play([660]);
  });
}

/** Sound what is new among the critical incidents, once each; `city` says whether any were told yet. */
export function sounding(critical: ReadonlySignal<readonly number[]>, told: ReadonlySignal<number>): void {
  void allow(localStorage.getItem(ALLOWED) === "true");
  const alarm = new Alarm(recalled());
  effect(() => {
    if (!begun.value || told.value === 0) return;
    const news = alarm.hear(critical.value);
    localStorage.setItem(KNOWN, JSON.stringify(alarm.kept));
    if (news && sound.peek() === "on") play(TONES);
  });
}

async function allow(allowed: boolean): Promise<void> {
  if (!allowed) {
    await context?.suspend();
    sound.value = "off";
    return;
  }
  context ??= new AudioContext();
  context.onstatechange = () => {
    if (sound.value !== "off") sound.value = context?.state === "running" ? "on" : "waits";
  };
  sound.value = context.state === "running" ? "on" : "waits";
  void context.resume(); // keeps its promise until a key is pressed, where the browser wants that
  await Promise.resolve();
}

/** Any key is the one that the browser waits for. */
export function wake(): void {
  if (sound.value === "waits") void context?.resume();
}

function play(tones: readonly number[]): void {
  if (!context) return;
  const start = context.currentTime + 0.05;
  tones.forEach((hertz, place) => {
    tone(context as AudioContext, hertz, start + place * TONE_SECONDS);
  });
}

/** Swells and fades, for a square start would click. */
function tone(audio: AudioContext, hertz: number, start: number): void {
  const source = audio.createOscillator();
  const volume = audio.createGain();
  source.frequency.value = hertz;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.4, start + 0.03);
  volume.gain.linearRampToValueAtTime(0, start + TONE_SECONDS);
  source.connect(volume).connect(audio.destination);
  source.start(start);
  source.stop(start + TONE_SECONDS);
}

function recalled(): number[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KNOWN) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "number") : [];
  } catch {
    return []; // not ours
  }
}
