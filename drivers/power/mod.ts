/**
 * Power supplies: the interface that power drivers share, their client, and one without hardware.
 *
 * @module
 */
export { PowerClient, type PowerMeasurement } from "./client.ts";
export type { PowerInterface, PowerReading } from "./interface.ts";
export { MockPower } from "./simulated.ts";
