import { describe, expect, it } from "vitest";
import { Away, Problem } from "../screen/api";
import {
  after,
  BEGINNING,
  BYTES_MAX,
  full,
  ITEMS_MAX,
  type Item,
  next,
  type Outcome,
  outcomeOf,
  pauseSeconds,
  settled,
  told,
  WAITING,
} from "./queue";
import type { Incident, PhoneState } from "./shapes";

const ARRIVED: Outcome = { kind: "arrived", changed: true, over: false };

const item = (key: string, incident = 1, over: Partial<Item> = {}): Item => ({
  key,
  account: "budi",
  incident,
  title: "Kabel putus",
  at: "2026-01-01T07:05:00Z",
  deed: { kind: "note", text: key },
  image: null,
  fate: WAITING,
  ...over,
});

const acknowledgement = (over: Partial<Item> = {}) => item("a", 1, { deed: { kind: "acknowledge" }, ...over });

/** Which keys are sent in what order, and what is left, when the server answers so; nothing is sent more than once. */
function played(items: Item[], answers: Record<string, Outcome>, account = "budi") {
  const sent: string[] = [];
  let round = BEGINNING;
  for (let one = next(items, account, round); one; one = next(items, account, round)) {
    sent.push(one.key);
    const outcome = answers[one.key] ?? ARRIVED;
    round = after(round, one, outcome);
    items = items.map((each) => (each.key === one?.key ? settled(each, outcome) : each));
  }
  return { sent, ended: round.ended, waiting: items.filter(({ fate }) => fate === WAITING).map(({ key }) => key) };
}

describe("a round through the queue", () => {
  const queue = [item("a", 1), item("b", 2), item("c", 1), item("d", 2)];

  it("sends everything once, oldest first", () => {
    expect(played(queue, {})).toEqual({ sent: ["a", "b", "c", "d"], ended: null, waiting: [] });
  });

  it("ends where nobody answers, and keeps all that was not answered for", () => {
    expect(played(queue, { b: { kind: "away" } })).toEqual({
      sent: ["a", "b"],
      ended: "away",
      waiting: ["b", "c", "d"],
    });
  });

  it("ends where the session has, and keeps everything", () => {
    expect(played(queue, { a: { kind: "stranger" } })).toMatchObject({
      ended: "stranger",
      waiting: ["a", "b", "c", "d"],
    });
  });

  it("lets nothing of an incident overtake what failed of it, and goes on with the others", () => {
    expect(played(queue, { a: { kind: "failed" } })).toEqual({
      sent: ["a", "b", "d"],
      ended: null,
      waiting: ["a", "c"],
    });
  });

  it("is not held up by what was refused", () => {
    const refused: Outcome = { kind: "refused", status: 404, detail: "gone" };
    expect(played(queue, { a: refused }).sent).toEqual(["a", "b", "c", "d"]);
  });

  it("sends nothing in somebody else's name", () => {
    expect(played(queue, {}, "siti")).toMatchObject({ sent: [], waiting: ["a", "b", "c", "d"] });
  });
});

describe("the bound of the queue", () => {
  const photo = (bytes: number) => item("p", 1, { image: new Blob([new Uint8Array(bytes)]) });

  it("is a number of items, those refused among them: they too are kept until somebody has read why", () => {
    const many = Array.from({ length: ITEMS_MAX }, (_, number) => item(`${number}`));
    expect(full(many.slice(1), item("last"))).toBeNull();
    expect(full(many, item("one too many"))).toBe("items");
  });

  it("is a number of bytes, and a photo that arrived takes none", () => {
    const large = photo(BYTES_MAX - 1_000);
    expect(full([large], item("note"))).toBeNull();
    expect(full([large], photo(1_000))).toBe("bytes");
    expect(full([settled(large, ARRIVED)], photo(1_000))).toBeNull();
  });
});

describe("what came of an attempt", () => {
  it.each([
    [401, "stranger"],
    [403, "refused"],
    [404, "refused"],
    [409, "refused"],
    [413, "refused"],
    [422, "refused"],
    [408, "failed"],
    [500, "failed"],
    [503, "failed"],
    [429, "away"],
  ])("is by status %i: %s", (status, kind) => {
    expect(outcomeOf(new Problem(status, "why")).kind).toBe(kind);
  });

  it("is that nobody answers, where the line is cut, too slow, or a hotel answers with a page of its own", () => {
    for (const error of [new Away("cut"), new DOMException("late", "TimeoutError"), new SyntaxError("<html>")]) {
      expect(outcomeOf(error)).toEqual({ kind: "away" });
    }
  });

  it("is never a fault of ours", () => {
    expect(() => outcomeOf(new TypeError("no function"))).toThrow("no function");
  });

  it("is kept with the server's reason, where it was refused", () => {
    expect(settled(item("a"), outcomeOf(new Problem(409, "It is resolved"))).fate).toEqual({
      kind: "refused",
      status: 409,
      detail: "It is resolved",
    });
  });
});

describe("once the server's word is here", () => {
  const state = (acknowledged_by: string | null) =>
    ({
      me: { account: "budi", technician: "t-budi", name: "Budi" },
      incidents: [{ id: 1, acknowledged_by } as Incident],
    }) as PhoneState;
  const unchanged = settled(acknowledgement(), { ...ARRIVED, changed: false });

  it("nothing is left of what it tells itself", () => {
    expect(told(settled(item("note"), ARRIVED), state(null))).toBeNull();
    expect(told(settled(acknowledgement(), ARRIVED), state("Budi"))).toBeNull();
  });

  it("nothing is left of what was sent twice because the answer was lost", () => {
    expect(told(unchanged, state("budi"))).toBeNull();
  });

  it("whoever took an incident that somebody else had taken is told who", () => {
    expect(told(unchanged, state("siti"))?.fate).toEqual({ kind: "taken", by: "siti" });
  });

  it("whoever took one that was over is told so", () => {
    expect(settled(acknowledgement(), { ...ARRIVED, over: true }).fate).toEqual({ kind: "late" });
    expect(settled(item("note"), { ...ARRIVED, over: true }).fate.kind).toBe("sent");
  });
});

it("leaves a line alone for longer and longer, five minutes at most, and not all phones for as long", () => {
  expect([0, 1, 2, 20].map((failures) => pauseSeconds(failures, 1))).toEqual([5, 10, 20, 300]);
  expect(pauseSeconds(20, 0)).toBe(150);
});
