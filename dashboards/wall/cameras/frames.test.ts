import { expect, it } from "vitest";
import { Lane } from "./frames";

it("lets so many go at once, and the others in the order in which they came", async () => {
  const lane = new Lane(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const all = [0, 1, 2, 3].map((job) =>
    lane.run(async () => {
      begun.push(job);
      await new Promise<void>((end) => ends.push(end));
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  for (let job = 0; job < 4; job += 1) {
    ends[job]?.();
    await all[job];
    await Promise.resolve();
  }
  expect(begun).toEqual([0, 1, 2, 3]);
});

it("goes on when one of them fails", async () => {
  const lane = new Lane(1);
  await expect(lane.run(() => Promise.reject(new Error("cut")))).rejects.toThrow("cut");
  expect(await lane.run(() => Promise.resolve("next"))).toBe("next");
});
