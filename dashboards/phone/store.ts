/** What the phone keeps on its disk: the queue, and the server's last word. The edge; what decides is in queue.ts. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { full, type Item } from "./queue";
import type { Kept } from "./shapes";

interface Tables extends DBSchema {
  queue: { key: number; value: Item };
  kept: { key: string; value: unknown };
}

/** Told to every open page, and to this one, when something changed. */
const channel = new BroadcastChannel("pantau-phone");
const listeners = new Set<() => void>();
channel.onmessage = () => tellHere();

let opened: Promise<IDBPDatabase<Tables>> | null = null;

function database(): Promise<IDBPDatabase<Tables>> {
  opened ??= openDB<Tables>("pantau-phone", 1, {
    upgrade(fresh) {
      fresh.createObjectStore("queue", { autoIncrement: true });
      fresh.createObjectStore("kept");
    },
    terminated() {
      opened = null;
    },
  });
  return opened;
}

export function listen(heard: () => void): void {
  listeners.add(heard);
}

/** Oldest first. */
export async function items(): Promise<Item[]> {
  return (await database()).getAll("queue");
}

/** Put behind all others, unless there is no room: then which bound says so. Raises where the disk is full. */
export async function add(item: Item): Promise<"items" | "bytes" | null> {
  const step = (await database()).transaction("queue", "readwrite", { durability: "strict" });
  const refused = full(await step.store.getAll(), item);
  if (!refused) await step.store.add(item);
  await step.done;
  if (!refused) tell();
  return refused;
}

/** The item of this key becomes what `change` makes of it, null: it goes. */
export async function change(key: string, changed: (item: Item) => Item | null): Promise<void> {
  const step = (await database()).transaction("queue", "readwrite", { durability: "strict" });
  for (let cursor = await step.store.openCursor(); cursor; cursor = await cursor.continue()) {
    if (cursor.value.key !== key) continue;
    const after = changed(cursor.value);
    await (after ? cursor.update(after) : cursor.delete());
    break;
  }
  await step.done;
  tell();
}

export async function kept(): Promise<Kept | null> {
  return ((await (await database()).get("kept", "state")) as Kept | undefined) ?? null;
}

/** How often this phone was logged out. */
export async function departures(): Promise<number> {
  return ((await (await database()).get("kept", "departures")) as number | undefined) ?? 0;
}

/** Unless somebody logged out since it was asked for: `since` is how often it had been so then. */
export async function keep(state: Kept, since: number): Promise<void> {
  const step = (await database()).transaction("kept", "readwrite");
  if (((await step.store.get("departures")) ?? 0) === since) await step.store.put(state, "state");
  await step.done;
  tell();
}

/** What is known of the city and its people goes; the queue stays. */
export async function depart(): Promise<void> {
  const step = (await database()).transaction("kept", "readwrite", { durability: "strict" });
  const before = ((await step.store.get("departures")) as number | undefined) ?? 0;
  await step.store.put(before + 1, "departures");
  await step.store.delete("state");
  await step.done;
  tell();
}

/** How far the server's clock is ahead of the phone's, ms. */
export async function skew(): Promise<number | null> {
  return ((await (await database()).get("kept", "skew")) as number | undefined) ?? null;
}

export async function keepSkew(millis: number): Promise<void> {
  await (await database()).put("kept", millis, "skew");
}

function tell(): void {
  channel.postMessage(null);
  tellHere();
}

function tellHere(): void {
  for (const heard of listeners) heard();
}
