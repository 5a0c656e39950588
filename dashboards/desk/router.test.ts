import { describe, expect, it } from "vitest";
import { place, placeOf, refine, route, to } from "./router";

const at = (path: string) => placeOf(new URL(path, "http://centre"));

describe("an address", () => {
  it("names a section, or one thing in it", () => {
    expect(at("/desk")).toMatchObject({ section: "", id: null });
    expect(at("/desk/incidents/")).toMatchObject({ section: "incidents", id: null });
    expect(at("/desk/devices/fp%20001")).toMatchObject({ section: "devices", id: "fp 001" });
    expect(at("/desk/devices/100%")).toMatchObject({ id: "100%" });
  });

  it("is none of ours where it is another page's", () => {
    for (const other of ["/wall", "/desks", "/desk/a/b/c", "/api/v1/city"]) expect(at(other)).toBeNull();
  });
});

describe("going somewhere", () => {
  const link = (href: string) => {
    const made = document.createElement("a");
    made.href = href;
    made.textContent = href;
    document.body.append(made);
    return made;
  };

  it("keeps the language that was asked for, and no step for Back of what is only refined", () => {
    history.replaceState(null, "", "/desk?lang=en");
    expect(to("/desk/oncall")).toBe("/desk/oncall?lang=en");
    const steps = history.length;
    refine({ q: "puskesmas", kind: "" });
    expect(location.search).toBe("?q=puskesmas&lang=en");
    expect(history.length).toBe(steps);
  });

  it("follows our links here, and leaves the others, and those for a window of their own, to the browser", () => {
    history.replaceState(null, "", "/desk");
    route();
    const click = (href: string, held = false) => {
      const event = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: held });
      link(href).dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(click("/desk/incidents/7")).toBe(true);
    expect(place.value).toMatchObject({ section: "incidents", id: "7" });
    expect(click("/desk/oncall", true)).toBe(false);
    expect(place.value.section).toBe("incidents");
  });
});
