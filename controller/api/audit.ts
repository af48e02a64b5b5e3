/**
 * What happened in a lab, as a read-only resource:
 * `GET /apis/jumpstarter.dev/v1alpha1/namespaces/NS/auditevents?limit=&continue=&fieldSelector=`, with
 * the fields `exporter`, `lease`, `client` and `severity`. Without `limit` it is the newest 1,000
 * entries, with it all of them, page by page. An item has them in `spec`, with `time`,
 * `message` and `driver`. With `watch`, it goes on with those that come.
 */
import { AUDIT_FIELDS, type AuditField, type AuditLog, type KeptEntry } from "../audit/mod.ts";
import type { JsonObject, StoredObject } from "../store/mod.ts";
import type { Form } from "./accept.ts";
import { ApiError, noSuchPath } from "./api_error.ts";
import { flagOf, json, numberOf } from "./call.ts";
import { lineStream } from "./line_stream.ts";
import { fieldTerms } from "./selectors.ts";
import { tableOf } from "./table.ts";

/** Entries of one page at most. */
const MAX_LIMIT = 500;
/** The newest entries, for whoever asks for no pages. */
const NEWEST = 1_000;

/** What {@linkcode readAudit} takes. */
export interface AuditCall {
  readonly audit: AuditLog | undefined;
  readonly namespace: string;
  readonly query: URLSearchParams;
  readonly form: Form;
  readonly now: () => Date;
  /** Aborts when watches are to end. */
  readonly closing: AbortSignal;
}

/** Answers with entries, the oldest first; when asked to watch, with those that come, too. */
export function readAudit(call: AuditCall): Response {
  return flagOf(call.query, "watch") ? watchAudit(call) : listAudit(call);
}

function listAudit(call: AuditCall): Response {
  const { audit, namespace, query, form } = call;
  const asked = numberOf(query, "limit") || 0;
  const isNewest = asked === 0;
  const limit = isNewest ? NEWEST : Math.min(asked, MAX_LIMIT);
  const after = idOf(query.get("continue") ?? "0", "the continue token");
  const fields = fieldsOf(query.get("fieldSelector") ?? "");
  const found = audit?.list({ limit: isNewest ? limit : limit + 1, after, fields, isNewest }) ?? [];
  const entries = found.slice(0, limit);
  const metadata: JsonObject = {
    resourceVersion: `${entries.at(-1)?.id ?? after}`,
    ...(found.length > limit && { continue: `${entries.at(-1)!.id}` }),
  };
  const items = entries.map((entry) => objectOf(entry, namespace));
  if (form === "table") return json(table(call, items, metadata));
  const apiVersion = "jumpstarter.dev/v1alpha1";
  return json({ kind: "AuditEventList", apiVersion, metadata, items });
}

function watchAudit(call: AuditCall): Response {
  const { audit, query } = call;
  if (audit === undefined) throw noSuchPath();
  const fields = fieldsOf(query.get("fieldSelector") ?? "");
  const version = query.get("resourceVersion") ?? "";
  const after = idOf(version, "the resourceVersion");
  // Without a version, it begins as a list does.
  const first = version === ""
    ? audit.list({ limit: NEWEST, after: 0, fields, isNewest: true })
    : [];
  return lineStream(async function* (signal) {
    for (const entry of first) yield added(call, entry);
    const rest = { after: first.at(-1)?.id ?? after, fields };
    for await (const entry of audit.follow(rest, signal)) yield added(call, entry);
  }, call);
}

function added(call: AuditCall, entry: KeptEntry): JsonObject {
  const object = objectOf(entry, call.namespace);
  const { resourceVersion } = object.metadata;
  return {
    type: "ADDED",
    object: call.form === "table" ? table(call, [object], { resourceVersion }) : object,
  };
}

function table(
  { query, now }: AuditCall,
  items: readonly (StoredObject & JsonObject)[],
  metadata: JsonObject,
): JsonObject {
  const include = query.get("includeObject");
  return tableOf(items, { plural: "auditevents", now: now(), include, metadata });
}

/** The number of an entry, or 0 for none. */
function idOf(text: string, what: string): number {
  const id = Number(text);
  if (Number.isSafeInteger(id) && id >= 0) return id;
  throw new ApiError("BadRequest", `${what} is none of this list`);
}

function fieldsOf(text: string): Partial<Record<AuditField, string>> {
  return Object.fromEntries(
    fieldTerms(text).map(({ key, isEqual, value }) => {
      const field = AUDIT_FIELDS.find((name) => key === name || key === `spec.${name}`);
      if (field === undefined || !isEqual) {
        const known = AUDIT_FIELDS.join(", ");
        throw new ApiError("BadRequest", `audit is chosen by FIELD=VALUE of ${known}`);
      }
      return [field, value];
    }),
  );
}

function objectOf({ id, time, ...entry }: KeptEntry, namespace: string): StoredObject & JsonObject {
  const when = new Date(time).toISOString();
  return {
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind: "AuditEvent",
    metadata: {
      name: `${id}`,
      namespace,
      uid: `${id}`,
      resourceVersion: `${id}`,
      generation: 1,
      creationTimestamp: when.replace(/\.\d+Z$/, "Z"),
    },
    spec: { time: when, ...entry },
  };
}
