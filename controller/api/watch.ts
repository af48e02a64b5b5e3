/** Watches: one JSON object a line, for as long as the client wants to know. */
import {
  apiVersionOf,
  type Filter,
  type JsonObject,
  type StoredObject,
  StoreError,
  type WatchEvent,
} from "../store/mod.ts";
import { type Call, flagOf, numberOf, presented, table } from "./call.ts";
import { failure } from "./status.ts";

/** How long a watch lasts that does not say so, milliseconds; clients then begin anew. */
const DEFAULT_TIME = 40 * 60_000;
const MAX_TIME = 24 * 3_600_000;

/** Tells a client that all that was there when the watch began has been told. */
const INITIAL_EVENTS_END = { "k8s.io/initial-events-end": "true" };

/** Answers with events; what was wrong from the start is thrown. */
export function watch(call: Call, filter: Filter<StoredObject>): Response {
  const { query, collection, closing } = call;
  const isInitial = flagOf(query, "sendInitialEvents");
  const asked = query.get("resourceVersion") ?? "";
  const resourceVersion = isInitial || asked === "0" ? undefined : asked || undefined;
  const seconds = numberOf(query, "timeoutSeconds") ?? 0;
  const time = seconds > 0 ? Math.min(seconds * 1000, MAX_TIME) : DEFAULT_TIME;
  const over = new AbortController();
  const events = collection.watch({
    ...filter,
    resourceVersion,
    bookmarks: flagOf(query, "allowWatchBookmarks"),
    signal: AbortSignal.any([over.signal, closing]),
  });
  let isFirstBookmark = isInitial;
  const encoder = new TextEncoder();
  const timer = setTimeout(() => over.abort(), time);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { line, isLast } = await next();
      if (line !== undefined) controller.enqueue(encoder.encode(JSON.stringify(line) + "\n"));
      if (isLast) end(controller);
    },
    cancel: () => end(),
  }, { highWaterMark: 0 });

  function end(controller?: ReadableStreamDefaultController<Uint8Array>): void {
    clearTimeout(timer);
    over.abort();
    controller?.close();
  }

  async function next(): Promise<{ line?: JsonObject; isLast: boolean }> {
    try {
      const { done, value } = await events.next();
      if (done === true) return { isLast: true };
      if (value.type !== "BOOKMARK") return { line: lineOf(call, value), isLast: false };
      const line = bookmark(call, value.resourceVersion, isFirstBookmark);
      isFirstBookmark = false;
      return { line, isLast: false };
    } catch (error) {
      end();
      if (!(error instanceof StoreError)) throw error;
      return { line: { type: "ERROR", object: failure(error) }, isLast: true };
    }
  }

  return new Response(body, {
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}

function lineOf(call: Call, event: WatchEvent<StoredObject> & { object: StoredObject }) {
  const { type, object } = event;
  const { resourceVersion } = object.metadata;
  return {
    type,
    object: call.form === "table" ? table(call, [object], { resourceVersion }) : presented(object),
  };
}

function bookmark({ route, form }: Call, resourceVersion: string, isFirst: boolean): JsonObject {
  const metadata = {
    resourceVersion,
    creationTimestamp: null,
    ...(isFirst ? { annotations: INITIAL_EVENTS_END } : {}),
  };
  const { kind } = route.kind;
  const object = { kind, apiVersion: apiVersionOf(route.kind), metadata };
  if (form !== "table") return { type: "BOOKMARK", object };
  const row = { cells: [], object: { ...object, kind: "PartialObjectMetadata" } };
  return {
    type: "BOOKMARK",
    object: {
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      metadata: { resourceVersion },
      columnDefinitions: [],
      rows: [row],
    },
  };
}
