/**
 * Runs the logic of leases on what happens in the store, and with time.
 *
 * @module
 */
export { Alarm } from "./alarm.ts";
export type { Follower } from "./follow.ts";
export { Following } from "./following.ts";
export { LabView, type LabViewOptions, type LeaseListener } from "./lab_view.ts";
export type { Log, LogFields } from "./log.ts";
export { Scheduler, type SchedulerOptions } from "./scheduler.ts";
export { News, Topics } from "./topics.ts";
