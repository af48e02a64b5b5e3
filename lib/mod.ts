/**
 * The library of Jumpstarter: what a test script or a driver author imports. Each part has an entry
 * of its own (`@jumpstarter/lib/client`, `/driver`, …); this one gathers what scripts use most.
 *
 * @module
 */
export { connect, env } from "./client/mod.ts";
export { Driver, DriverClient, exported } from "./driver/mod.ts";
export * from "./errors.ts";
