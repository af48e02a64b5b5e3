import type { ExporterIndex } from "./exporter_index.ts";
import type { Client, ExporterAccessPolicy, Lease } from "./objects.ts";

/** All that decisions about leases depend on, besides the time: the objects of one namespace. */
export interface Lab {
  /** The leases; those that have ended and carry their label change nothing and may be left out. */
  readonly leases: Iterable<Lease>;
  /** The exporters. */
  readonly exporters: ExporterIndex;
  /** The clients, by name. */
  readonly clients: ReadonlyMap<string, Client>;
  /** The policies. */
  readonly policies: readonly ExporterAccessPolicy[];
}
