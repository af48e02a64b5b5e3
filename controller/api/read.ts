/** The verbs that change nothing. */
import { apiVersionOf } from "../store/mod.ts";
import { answer, type Call, flagOf, json, numberOf, presented, table } from "./call.ts";
import { filterOf } from "./selectors.ts";
import { watch } from "./watch.ts";

/** Answers with one object. */
export async function get(call: Call): Promise<Response> {
  const { namespace = "", name } = call.route;
  return answer(call, await call.collection.get(namespace, name));
}

/** Answers with many objects, or, when asked to watch, with what becomes of them. */
export async function list(call: Call): Promise<Response> {
  const { query, route, collection, form } = call;
  const filter = { ...filterOf(query, route.kind), namespace: route.namespace };
  if (flagOf(query, "watch")) return watch(call, filter);
  const { items, resourceVersion, continue: more } = await collection.list({
    ...filter,
    limit: numberOf(query, "limit"),
    continue: query.get("continue") || undefined,
  });
  const metadata = { resourceVersion, ...(more === undefined ? {} : { continue: more }) };
  if (form === "table") return json(table(call, items, metadata));
  return json({
    kind: `${route.kind.kind}List`,
    apiVersion: apiVersionOf(route.kind),
    metadata,
    items: items.map(presented),
  });
}
