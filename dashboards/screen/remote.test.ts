import { afterEach, expect, it, vi } from "vitest";
import { Away } from "./api";
import { serverNow, synchronise } from "./clock";
import { remote } from "./remote";

afterEach(() => {
  vi.useRealTimers();
});

it("is as old as the question: of what happened on its way an answer says nothing", async () => {
  vi.useFakeTimers();
  synchronise("2026-11-21T14:00:00Z");
  const asked = serverNow();
  let answer: (told: string) => void = () => {};
  const one = remote<string>(
    () => "/slow",
    60,
    () => new Promise((told) => (answer = told)),
  );
  await vi.advanceTimersByTimeAsync(40_000);
  answer("quiet");
  await one.refresh();
  expect([one.value.value, one.at.value]).toEqual(["quiet", asked]);
  one.stop();
});

it("keeps the last answer and its age where the next does not come", async () => {
  const answers = [Promise.resolve("quiet"), Promise.reject(new Away("/cut"))];
  const one = remote<string>(
    () => "/cut",
    60,
    () => answers.shift() ?? Promise.reject(new Error("no third")),
  );
  await one.refresh();
  const at = one.at.value;
  await one.refresh();
  expect([one.value.value, one.at.value, one.fault.value instanceof Away]).toEqual(["quiet", at, true]);
  one.stop();
});
