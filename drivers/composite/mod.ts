/**
 * Groups of drivers: the inner nodes of a device tree.
 *
 * @module
 */
export { CompositeClient } from "./client.ts";
export { Composite } from "./driver.ts";
