/**
 * Which exporters are there.
 *
 * @module
 */
export { Liveness, LIVENESS_TIMES, type LivenessTimes } from "./liveness.ts";
