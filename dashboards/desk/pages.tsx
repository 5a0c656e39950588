/** The table of the operator's pages; each but the first is a script of its own. */
import type { ComponentType } from "preact";
import Home from "./home";
import { Heading } from "./parts/heading";
import { later } from "./parts/later";
import { place } from "./router";
import { say } from "./words";

const LISTS: Record<string, ComponentType> = {
  "": Home,
  incidents: later(() => import("./incident/list")),
  oncall: later(() => import("./oncall/page")),
  silences: later(() => import("./lists/silences")),
  rejected: later(() => import("./rejected/page")),
  rules: later(() => import("./lists/rules")),
  audit: later(() => import("./lists/audit")),
  settings: later(() => import("./lists/settings")),
  accounts: later(() => import("./accounts/page")),
};

const ONES: Record<string, ComponentType<{ id: string }>> = {
  devices: later(() => import("./device/page")),
  incidents: later(() => import("./incident/page")),
};

export function Pages() {
  const { section, id } = place.value;
  const List = id === null ? LISTS[section] : undefined;
  const One = id === null ? undefined : ONES[section];
  if (List) return <List key={section} />;
  if (One && id !== null) return <One key={`${section}/${id}`} id={id} />;
  return <Heading title={say("not_found")} />;
}
