/** The parts of the wall that are large, each loaded when it is first shown. */
import type { ComponentType } from "preact";
import type { City } from "../../screen/city";
import type { About } from "../../screen/shapes";

type EnvironmentGiven = { about: About; city: City };

const environments = import.meta.glob<{ Environment: ComponentType<EnvironmentGiven> }>(
  "../environment/environment.tsx",
);

export const map = async () => (await import("../map/city_map")).CityMap;

export async function environment(): Promise<ComponentType<EnvironmentGiven>> {
  const [load] = Object.values(environments);
  if (!load) throw new Error("this part is not built yet");
  return (await load()).Environment;
}
