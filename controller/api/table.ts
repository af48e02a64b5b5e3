/** Tables: what `kubectl get` shows, made here from the printer columns of each kind. */
import {
  isObject,
  type JsonObject,
  type LabEvent,
  type Plural,
  type StoredObject,
} from "../store/mod.ts";
import { ageText } from "./age.ts";
import { ApiError } from "./api_error.ts";

/** One column. */
interface Column {
  readonly name: string;
  readonly type: "string" | "boolean" | "integer";
  /** What the column shows. */
  readonly description: string;
  readonly format?: "name";
  /** Whether only `-o wide` shows it. */
  readonly isWide?: boolean;
  readonly cell: (object: StoredObject, now: Date) => unknown;
}

const path = (...keys: string[]): Column["cell"] => (object) =>
  keys.reduce<unknown>((value, key) => isObject(value) ? value[key] : undefined, object) ?? null;

const column = (
  name: string,
  type: Column["type"],
  description: string,
  cell: Column["cell"],
): Column => ({ name, type, description, cell });

/** A column that only `-o wide` shows. */
const wide = (one: Column): Column => ({ ...one, isWide: true });

/** The time since a moment of the object. */
const since = (moment: Column["cell"]): Column["cell"] => (object, now) => {
  const then = Date.parse(String(moment(object, now)));
  return Number.isNaN(then) ? null : ageText(now.getTime() - then);
};

const AGE = column(
  "Age",
  "string",
  "The time since it was created.",
  since(path("metadata", "creationTimestamp")),
);

const NAME: Column = {
  ...column("Name", "string", "The name, unique within the namespace.", path("metadata", "name")),
  format: "name",
};

const DATA = column("Data", "integer", "How many entries it has.", (object) => {
  const { data, binaryData } = object as { data?: unknown; binaryData?: unknown };
  return [data, binaryData].reduce<number>(
    (sum, map) => sum + (isObject(map) ? Object.keys(map).length : 0),
    0,
  );
});

const COLUMNS: Readonly<
  Record<Plural | "namespaces" | "auditevents", readonly Column[]>
> = {
  clients: [
    column("Token Expires", "string", "When its token ends.", path("status", "tokenExpiresAt")),
  ],
  exporters: [
    column("Enabled", "boolean", "Whether new leases get it.", path("spec", "enabled")),
    column("Status", "string", "What it last reported.", path("status", "exporterStatus")),
    wide(column("Message", "string", "What it said about that.", path("status", "statusMessage"))),
  ],
  leases: [
    column("Ended", "boolean", "Whether it is over.", path("status", "ended")),
    column("Client", "string", "Who asks.", path("spec", "clientRef", "name")),
    column("Exporter", "string", "What was given.", path("status", "exporterRef", "name")),
  ],
  exporteraccesspolicies: [AGE],
  secrets: [column("Type", "string", "What it is for.", path("type")), DATA, AGE],
  configmaps: [DATA, AGE],
  namespaces: [
    column("Status", "string", "Whether it can be used.", path("status", "phase")),
    AGE,
  ],
  events: [
    column("Last Seen", "string", "The time since it happened last.", since(path("lastTimestamp"))),
    column("Type", "string", "How bad it is.", path("type")),
    column("Reason", "string", "Why, as one word.", path("reason")),
    column("Object", "string", "What it happened to.", (object) => {
      const { kind = "", name = "" } = (object as LabEvent).involvedObject;
      return `${kind.toLowerCase()}/${name}`;
    }),
    column("Message", "string", "What happened.", path("message")),
    wide(column("Source", "string", "Who tells it.", path("source", "component"))),
    wide(column("Count", "integer", "How often it happened.", path("count"))),
    wide(NAME),
  ],
  auditevents: [
    column("Time", "string", "When it happened.", path("spec", "time")),
    column("Exporter", "string", "The exporter it is about.", path("spec", "exporter")),
    column("Lease", "string", "The lease it happened under.", path("spec", "lease")),
    column("Client", "string", "Who held that lease.", path("spec", "client")),
    column("Severity", "string", "How bad it is.", path("spec", "severity")),
    column("Message", "string", "What happened.", path("spec", "message")),
  ],
};

/** What a row tells of its object beside the cells. */
const INCLUDED: Readonly<Record<string, (object: StoredObject) => unknown>> = {
  None: () => undefined,
  Metadata: ({ metadata }) => ({
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata,
  }),
  Object: (object) => object,
};

/** What {@linkcode tableOf} takes. */
export interface TableOptions {
  /** Whose columns to show. */
  readonly plural: keyof typeof COLUMNS;
  /** The moment for which ages are told. */
  readonly now: Date;
  /** `None`, `Metadata` or `Object`: what a row tells of its object; metadata when null. */
  readonly include: string | null;
  /** The metadata of the list. */
  readonly metadata: JsonObject;
}

/** Makes the table of some objects; throws an {@linkcode ApiError} when `include` is none. */
export function tableOf(
  objects: readonly StoredObject[],
  { plural, now, include, metadata }: TableOptions,
): JsonObject {
  const included = include || "Metadata";
  const tell = Object.hasOwn(INCLUDED, included) ? INCLUDED[included] : undefined;
  if (tell === undefined) {
    throw new ApiError("BadRequest", `includeObject must be one of ${Object.keys(INCLUDED)}`);
  }
  const own = COLUMNS[plural];
  const columns = own.some(({ name }) => name === NAME.name) ? own : [NAME, ...own];
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: [
      ...columns.map(({ name, type, format = "", description, isWide }) => ({
        name,
        type,
        format,
        description,
        priority: isWide === true ? 1 : 0,
      })),
    ],
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      object: tell(object),
    })),
  };
}
