import { describe, expect, it } from "vitest";
import { mapLink, phoneLink, telegramLink } from "./links";
import type { Incident } from "./shapes";
import { slept } from "./time";

it("what the phone slept through has passed, and a clock set back makes nothing younger", () => {
  expect(slept(1_000, 61_000)).toBe(61_000);
  expect(slept(1_000, 1_500)).toBeNull();
  expect(slept(61_000, 1_000)).toBeNull();
});

describe("links", () => {
  const incident = { latitude: -4.13, longitude: 104.17, map_url: "geo:-4.13,104.17?q=FP" } as Incident;

  it("open an Android's own map, and elsewhere one that every browser has", () => {
    expect(mapLink(incident, "Mozilla/5.0 (Linux; Android 14)")).toBe("geo:-4.13,104.17?q=FP");
    expect(mapLink(incident, "Mozilla/5.0 (iPhone)")).toContain("mlat=-4.13&mlon=104.17#map=17/-4.13/104.17");
    expect(mapLink({ ...incident, latitude: null }, "Android")).toBeNull();
  });

  it("call a number as people write it, and a name, not the number of a chat", () => {
    expect(phoneLink("+62 812-3456 (78)")).toBe("tel:+62812345678");
    const contact = { name: "Budi", role_text: "", phone: null };
    expect(telegramLink({ ...contact, telegram: "@budi_oku" })).toBe("https://t.me/budi_oku");
    expect(telegramLink({ ...contact, telegram: "123456789" })).toBeNull();
    expect(telegramLink({ ...contact, telegram: null })).toBeNull();
  });
});
