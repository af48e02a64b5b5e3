/** JSON patches (RFC 6902). */
import { equal, isObject, type JsonObject } from "../store/mod.ts";
import { ApiError } from "./api_error.ts";
import { MAX_BODY } from "./body.ts";

const MAX_OPERATIONS = 1000;

type Container = JsonObject | unknown[];

/** What one operation does to the document; it returns the document. */
type Apply = (root: unknown, operation: JsonObject) => unknown;

const OPERATIONS: Readonly<Record<string, Apply>> = {
  add: (root, { path, value }) => insert(root, pointer(path), copyOf(value)),
  remove: (root, { path }) => cut(root, pointer(path)),
  replace(root, { path, value }) {
    const at = pointer(path);
    find(root, at);
    return at.length === 0 ? copyOf(value) : insert(cut(root, at), at, copyOf(value));
  },
  move(root, { from, path }) {
    const [source, target] = [pointer(from), pointer(path)];
    if (source.every((key, index) => key === target[index]) && source.length < target.length) {
      throw refused(`${from} cannot be moved into itself`);
    }
    const value = find(root, source);
    return insert(cut(root, source), target, value);
  },
  copy: (root, { from, path }) => insert(root, pointer(path), copyOf(find(root, pointer(from)))),
  test(root, { path, value }) {
    if (equal(find(root, pointer(path)), value)) return root;
    throw refused(`test failed: ${path} has another value`);
  },
};

/** Applies a JSON patch to a copy of a document; throws an {@linkcode ApiError} when it does not fit. */
export function jsonPatch(document: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) {
    throw new ApiError("BadRequest", "a JSON patch must be an array of operations");
  }
  if (operations.length > MAX_OPERATIONS) {
    throw new ApiError(
      "RequestEntityTooLarge",
      `the allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ` +
        operations.length,
    );
  }
  let root: unknown = structuredClone(document);
  let copied = 0;
  for (const operation of operations) {
    const { op, from } = isObject(operation) ? operation : {};
    const apply = typeof op === "string" && Object.hasOwn(OPERATIONS, op)
      ? OPERATIONS[op]
      : undefined;
    if (apply === undefined) {
      throw new ApiError("BadRequest", `"${op}" is not an operation of a JSON patch`);
    }
    // Copies of copies double with each operation.
    if (op === "copy") copied += JSON.stringify(find(root, pointer(from)))?.length ?? 0;
    if (copied > MAX_BODY) throw new ApiError("RequestEntityTooLarge", "the patch copies too much");
    root = apply(root, operation);
  }
  return root;
}

function pointer(path: unknown): string[] {
  if (path === "") return [];
  if (typeof path !== "string" || !path.startsWith("/")) {
    throw new ApiError("BadRequest", `${JSON.stringify(path)} is not a JSON pointer`);
  }
  return path.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function find(root: unknown, keys: readonly string[]): unknown {
  return keys.reduce((value, key) => {
    if (Array.isArray(value) && isIndex(key, value.length - 1)) return value[Number(key)];
    if (isObject(value) && Object.hasOwn(value, key)) return value[key];
    throw refused(`there is nothing at /${keys.join("/")}`);
  }, root);
}

function containerOf(root: unknown, keys: readonly string[]): [Container, string] {
  const container = find(root, keys.slice(0, -1));
  const key = keys.at(-1);
  if (key !== undefined && (Array.isArray(container) || isObject(container))) {
    return [container, key];
  }
  throw refused(`nothing can be at /${keys.join("/")}`);
}

function insert(root: unknown, keys: readonly string[], value: unknown): unknown {
  if (keys.length === 0) return value;
  const [container, key] = containerOf(root, keys);
  if (!Array.isArray(container)) {
    // A member called __proto__ is a member like any other.
    const member = { value, enumerable: true, writable: true, configurable: true };
    Object.defineProperty(container, key, member);
  } else if (key === "-") container.push(value);
  else if (isIndex(key, container.length)) container.splice(Number(key), 0, value);
  else throw refused(`/${keys.join("/")} is outside of its array`);
  return root;
}

function cut(root: unknown, keys: readonly string[]): unknown {
  if (keys.length === 0) return undefined;
  find(root, keys);
  const [container, key] = containerOf(root, keys);
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
  return root;
}

function isIndex(key: string, last: number): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(key) && Number(key) <= last;
}

function copyOf(value: unknown): unknown {
  if (value === undefined) throw new ApiError("BadRequest", "the operation has no value");
  return structuredClone(value);
}

function refused(why: string): ApiError {
  return new ApiError(
    "Invalid",
    `the server rejected our request due to an error in our request: ${why}`,
  );
}
