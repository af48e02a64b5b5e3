/**
 * The objects of a lab, and the store that keeps them.
 *
 * @module
 */
export {
  AlreadyExistsError,
  BadRequestError,
  ConflictError,
  type ErrorSubject,
  ExpiredError,
  type FieldCause,
  InvalidError,
  NotFoundError,
  type StatusReason,
  StoreError,
  UnavailableError,
} from "./errors.ts";
export {
  apiVersionOf,
  groupKindOf,
  type KindFacts,
  kindOf,
  KINDS,
  PLURALS,
  resourceOf,
} from "./kinds.ts";
export type {
  AccessRule,
  Client,
  Condition,
  ConfigMap,
  Device,
  Draft,
  Exporter,
  ExporterAccessPolicy,
  ExporterStatus,
  Kinds,
  LabelSelector,
  LabEvent,
  Lease,
  ObjectMeta,
  ObjectReference,
  OwnerReference,
  Plural,
  Secret,
  SelectorRequirement,
  Stored,
  StoredObject,
} from "./objects.ts";
export type {
  Collection,
  DeleteOptions,
  Filter,
  ListOptions,
  ObjectList,
  ObjectOptions,
  PatchOptions,
  StatusOptions,
  Store,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "./store.ts";
export { pageOf } from "./page.ts";
export { change, type ChangeOptions } from "./change.ts";
export { equal } from "./json.ts";
export { isObject, type JsonObject, mergePatch } from "./merge_patch.ts";
export { backupSqliteStore, restoreSqliteStore } from "./backup.ts";
export { openSqliteStore, type SqliteOptions } from "./sqlite.ts";
export type { HistoryLimits } from "./history.ts";
export type { Rule, Schema } from "./schema/schema.ts";
export { SCHEMAS, shape } from "./validate.ts";
