/** Watches: what becomes of objects, for as long as the client wants to know. */
import {
  apiVersionOf,
  type Filter,
  type JsonObject,
  type StoredObject,
  StoreError,
  type WatchEvent,
} from "../store/mod.ts";
import { type Call, flagOf, presented, table } from "./call.ts";
import { lineStream } from "./line_stream.ts";
import { failure } from "./status.ts";

/** Tells a client that all that was there when the watch began has been told. */
const INITIAL_EVENTS_END = { "k8s.io/initial-events-end": "true" };

/** Answers with events; what was wrong from the start is thrown. */
export function watch(call: Call, filter: Filter<StoredObject>): Response {
  const { query, collection } = call;
  const isInitial = flagOf(query, "sendInitialEvents");
  const asked = query.get("resourceVersion") ?? "";
  const resourceVersion = isInitial || asked === "0" ? undefined : asked || undefined;
  const bookmarks = flagOf(query, "allowWatchBookmarks");
  return lineStream((signal) => {
    const events = collection.watch({ ...filter, resourceVersion, bookmarks, signal });
    return linesOf(call, events, isInitial);
  }, call);
}

async function* linesOf(
  call: Call,
  events: AsyncIterator<WatchEvent<StoredObject>>,
  isInitial: boolean,
): AsyncGenerator<JsonObject> {
  let isFirstBookmark = isInitial;
  try {
    for (;;) {
      const { done, value } = await events.next();
      if (done === true) return;
      if (value.type === "BOOKMARK") {
        yield bookmark(call, value.resourceVersion, isFirstBookmark);
        isFirstBookmark = false;
      } else yield lineOf(call, value);
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    yield { type: "ERROR", object: failure(error) };
  }
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
