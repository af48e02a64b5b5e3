/**
 * What happened in a lab, as a read-only resource:
 * `GET /apis/jumpstarter.dev/v1alpha1/namespaces/NS/auditevents?limit=&continue=&fieldSelector=`, with
 * the fields `exporter`, `lease`, `client` and `severity`. Without `limit` it is the newest 1,000
 * entries, with it all of them, page by page. An item has them in `spec`, with `time`,
 * `message` and `driver`.
 */
import { AUDIT_FIELDS, type AuditField, type AuditLog, type KeptEntry } from "../audit/mod.ts";
import type { JsonObject, StoredObject } from "../store/mod.ts";
import type { Form } from "./accept.ts";
import { ApiError } from "./api_error.ts";
import { json, numberOf } from "./call.ts";
import { fieldTerms } from "./selectors.ts";
import { tableOf } from "./table.ts";

/** Entries of one page at most. */
const MAX_LIMIT = 500;
/** The newest entries, for whoever asks for no pages. */
const NEWEST = 1_000;

/** What {@linkcode listAudit} takes. */
export interface AuditCall {
  readonly audit: AuditLog | undefined;
  readonly namespace: string;
  readonly query: URLSearchParams;
  readonly form: Form;
  readonly now: Date;
}

/** Answers with entries, the oldest first. */
export function listAudit({ audit, namespace, query, form, now }: AuditCall): Response {
  const asked = numberOf(query, "limit") || 0;
  const isNewest = asked === 0;
  const limit = isNewest ? NEWEST : Math.min(asked, MAX_LIMIT);
  const after = Number(query.get("continue") ?? 0);
  if (!Number.isSafeInteger(after) || after < 0) {
    throw new ApiError("BadRequest", "the continue token is none of this list");
  }
  const fields = fieldsOf(query.get("fieldSelector") ?? "");
  const found = audit?.list({ limit: isNewest ? limit : limit + 1, after, fields, isNewest }) ?? [];
  const entries = found.slice(0, limit);
  const metadata: JsonObject = {
    resourceVersion: `${entries.at(-1)?.id ?? after}`,
    ...(found.length > limit && { continue: `${entries.at(-1)!.id}` }),
  };
  const items = entries.map((entry) => objectOf(entry, namespace));
  if (form === "table") {
    const include = query.get("includeObject");
    return json(tableOf(items, { plural: "auditevents", now, include, metadata }));
  }
  const apiVersion = "jumpstarter.dev/v1alpha1";
  return json({ kind: "AuditEventList", apiVersion, metadata, items });
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
