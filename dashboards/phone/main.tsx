import "./phone.css";
import { render } from "preact";
import { run } from "../screen/clock";
import type { Language } from "../screen/words";
import { begin, reloadSoon } from "./model";
import { Page } from "./page";

const HOUR_MS = 3_600_000;
const LANG = "pantau-lang";

/** As asked for in the address, and from then on: the icon on the phone's desk opens an address without it. */
function asked(): Language | "" {
  const lang = new URLSearchParams(location.search).get("lang");
  if (lang === "id" || lang === "en") localStorage.setItem(LANG, lang);
  const known = localStorage.getItem(LANG);
  return known === "id" || known === "en" ? known : "";
}

/** A new build is asked for at each visit and once an hour, fetched beside this one, and taken over by itself. */
async function keepShell(): Promise<void> {
  const workers = navigator.serviceWorker;
  if (!workers) return; // no HTTPS: the page says so
  if (workers.controller) workers.addEventListener("controllerchange", reloadSoon, { once: true });
  const registration = await workers.register("/phone/sw.js", { scope: "/phone" });
  setInterval(() => void registration.update().catch(() => {}), HOUR_MS); // out of reach now: the next hour asks again
}

run();
await begin(asked());
const root = document.getElementById("page");
if (root) render(<Page />, root);
await keepShell().catch((error: unknown) => console.warn("no service worker:", error));
