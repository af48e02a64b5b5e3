// Made from jumpstarter/v1/common.proto by `deno task proto`; do not edit.
import type { Codec } from "../codec.ts";
import { field, map, message, optional } from "../message.ts";

/** What an exporter is doing, as shown to clients and to the controller. */
export const ExporterStatus = {
  /** Nothing is known yet. */
  UNSPECIFIED: 0,
  /** Not connected to the controller. */
  OFFLINE: 1,
  /** Free: no lease is held. */
  AVAILABLE: 2,
  /** The hook that prepares a lease is running. */
  BEFORE_LEASE_HOOK: 3,
  /** Leased, and its drivers can be called. */
  LEASE_READY: 4,
  /** The hook that cleans up after a lease is running. */
  AFTER_LEASE_HOOK: 5,
  /** The hook that prepares a lease has failed. */
  BEFORE_LEASE_HOOK_FAILED: 6,
  /** The hook that cleans up after a lease has failed. */
  AFTER_LEASE_HOOK_FAILED: 7,
} as const;
/** What an exporter is doing, as shown to clients and to the controller. */
export type ExporterStatus = (typeof ExporterStatus)[keyof typeof ExporterStatus] | number;

/** Which part of an exporter wrote a log record. */
export const LogSource = {
  /** Not told. */
  UNSPECIFIED: 0,
  /** A driver. */
  DRIVER: 1,
  /** The hook that prepares a lease. */
  BEFORE_LEASE_HOOK: 2,
  /** The hook that cleans up after a lease. */
  AFTER_LEASE_HOOK: 3,
  /** The exporter itself. */
  SYSTEM: 4,
} as const;
/** Which part of an exporter wrote a log record. */
export type LogSource = (typeof LogSource)[keyof typeof LogSource] | number;

/** One node of an exporter's driver tree. */
export interface DriverInstanceReport {
  /** Names the instance in driver calls; a new session may give a new one. */
  uuid: string;
  /** The node above; absent on the root. */
  parentUuid?: string;
  /** Carries the client class and the name of the node, under jumpstarter.dev/ keys. */
  labels: Record<string, string>;
  /** Text for people. */
  description?: string;
  /** Help texts by method name. */
  methodsDescription: Record<string, string>;
}
/** One node of an exporter's driver tree. */
export const DriverInstanceReport: Codec<DriverInstanceReport> = message(
  "jumpstarter.v1.DriverInstanceReport",
  () => [
    field(1, "uuid", "string"),
    optional(2, "parentUuid", "string"),
    map(3, "labels", "string"),
    optional(4, "description", "string"),
    map(5, "methodsDescription", "string"),
  ],
);
