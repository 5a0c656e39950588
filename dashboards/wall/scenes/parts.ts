/** The parts of the wall that are large, each loaded when it is first shown. */

export const map = async () => (await import("../map/city_map")).CityMap;
export const environment = async () => (await import("../environment/environment")).Environment;
