/** Remembers what is drawn of each id, so that the map's worker is sent what changed and not 22,700 points. */
import type { Feature } from "geojson";

export interface Changes {
  remove: string[];
  add: Feature[];
}

export class Drawn {
  private readonly known = new Map<string, string>();

  /** What must be told so that each of `ids` is drawn as `feature` says; null where it is not to be drawn. */
  changes(ids: Iterable<string>, feature: (id: string) => Feature | null): Changes | null {
    const changes: Changes = { remove: [], add: [] };
    for (const id of ids) {
      const drawn = feature(id);
      const told = drawn && JSON.stringify([drawn.geometry, drawn.properties]);
      if (told === null && this.known.delete(id)) changes.remove.push(id);
      if (drawn === null || told === null || this.known.get(id) === told) continue;
      this.known.set(id, told);
      changes.add.push(drawn);
    }
    return changes.add.length || changes.remove.length ? changes : null;
  }

  /** All that were drawn. */
  ids(): Iterable<string> {
    return this.known.keys();
  }

  forget(): void {
    this.known.clear();
  }
}
