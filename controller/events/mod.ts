/**
 * What happens to the objects of a lab, told as Kubernetes tells it.
 *
 * @module
 */
export { type EventLimits, EventRecorder, type EventRecorderOptions } from "./event_recorder.ts";
export type { Happening } from "./happening.ts";
