/** The selectors of a list: by labels, and by the few fields that the API server knows too. */
import { matchesLabels, parseSelector, SelectorError } from "@jumpstarter/lib/lease";
import { type Filter, isObject, type KindFacts, type StoredObject } from "../store/mod.ts";
import { ApiError } from "./api_error.ts";

type Field = (object: StoredObject) => string;

const FIELDS: Readonly<Record<string, Field>> = {
  "metadata.name": ({ metadata }) => metadata.name,
  "metadata.namespace": ({ metadata }) => metadata.namespace,
};

/** The text at a path; empty when there is none. */
function at(...path: readonly string[]): Field {
  return (object) =>
    String(path.reduce<unknown>((value, key) => isObject(value) ? value[key] : "", object) ?? "");
}

/** What events are chosen by of their objects; some of it is never there. */
const INVOLVED = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

/** Fields of one kind alone. */
const OF_KIND: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Secret: { type: at("type") },
  Event: {
    ...Object.fromEntries(
      INVOLVED.map((key) => [`involvedObject.${key}`, at("involvedObject", key)]),
    ),
    reason: at("reason"),
    source: at("source", "component"),
    type: at("type"),
  },
};

const TERM = /^((?:[^=!\\]|\\.)*?)(!=|==|=)(.*)$/s;

/** One thing that a field selector asks. */
interface Term {
  readonly key: string;
  readonly isEqual: boolean;
  readonly value: string;
}

/** Makes a filter of the selectors of a query; throws an {@linkcode ApiError} for bad ones. */
export function filterOf(query: URLSearchParams, kind: KindFacts): Filter<StoredObject> {
  const terms = fieldTerms(query.get("fieldSelector") ?? "");
  const tests = terms.map(({ key, isEqual, value }) => {
    const field = fieldOf(kind, key);
    return (object: StoredObject) => (field(object) === value) === isEqual;
  });
  const name = terms.find(({ key, isEqual }) => key === "metadata.name" && isEqual)?.value;
  return {
    labels: labelFilter(query.get("labelSelector") ?? ""),
    ...(tests.length === 0 ? {} : { fields: (object) => tests.every((holds) => holds(object)) }),
    ...(name === undefined ? {} : { name }),
  };
}

function labelFilter(text: string): Filter<StoredObject>["labels"] {
  if (text === "") return undefined;
  try {
    const selector = parseSelector(text);
    return (labels) => matchesLabels(selector, labels);
  } catch (error) {
    if (error instanceof SelectorError) throw new ApiError("BadRequest", error.message);
    throw error;
  }
}

/** The terms of a field selector; throws an {@linkcode ApiError} for one that cannot be read. */
export function fieldTerms(text: string): Term[] {
  return text.split(/(?<!\\),/).filter((term) => term !== "").map((term) => {
    const [, key, operator, value] = TERM.exec(term) ?? [];
    if (key === undefined || value === undefined) {
      throw new ApiError(
        "BadRequest",
        `invalid selector: '${text}'; can't understand '${term}': write KEY=VALUE or KEY!=VALUE`,
      );
    }
    return {
      key: key.trim(),
      isEqual: operator !== "!=",
      value: value.replaceAll(/\\([\\,=])/g, "$1"),
    };
  });
}

function fieldOf(kind: KindFacts, key: string): Field {
  const own = OF_KIND[kind.kind] ?? {};
  const field = Object.hasOwn(FIELDS, key)
    ? FIELDS[key]
    : Object.hasOwn(own, key)
    ? own[key]
    : undefined;
  if (field !== undefined) return field;
  const known = [...Object.keys(FIELDS), ...Object.keys(own)].join(", ");
  throw new ApiError("BadRequest", `field label not supported: ${key}; there are ${known}`);
}
