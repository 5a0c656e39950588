import { afterEach, expect, it, vi } from "vitest";
import { Problem, send } from "./api";
import { language } from "./words";

afterEach(() => {
  vi.unstubAllGlobals();
  language.value = "id";
});

it("asks for refusals in the language of the page, whatever the browser's is", async () => {
  const asked: (string | null)[] = [];
  vi.stubGlobal("fetch", async (_: string, { headers }: { headers: Headers }) => {
    asked.push(headers.get("Accept-Language"));
    return new Response('{"detail": "Kata sandi lama salah."}', { status: 403 });
  });
  const refused = send("PUT", "/api/v1/password", {});
  await expect(refused).rejects.toEqual(new Problem(403, "Kata sandi lama salah."));
  language.value = "en";
  await send("DELETE", "/api/v1/x").catch(() => null);
  expect(asked).toEqual(["id", "en"]);
});
