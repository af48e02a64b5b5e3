import type { DriverNode } from "@jumpstarter/lib/config";
import type { DriverClass } from "@jumpstarter/lib/driver";

/** What a tree is built from. */
export interface TreePlan {
  /** The `export:` map of a file. */
  readonly export: ReadonlyMap<string, DriverNode>;
  /** Description of the root. */
  readonly description?: string;
  /** Driver classes of a test's own, by `type`. */
  readonly classes?: ReadonlyMap<string, DriverClass>;
}
