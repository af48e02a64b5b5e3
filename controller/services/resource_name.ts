import { RpcError } from "@jumpstarter/lib/rpc";

/** The kinds of objects that clients name by path, in the plural of paths. */
export type ResourceKind = "exporters" | "leases" | "clients";

/** What a path names. */
export interface ResourceName {
  /** The namespace. */
  readonly namespace: string;
  /** The bare name. */
  readonly name: string;
}

/**
 * Reads `namespaces/NS`.
 *
 * @throws {RpcError} INVALID_ARGUMENT
 */
export function parseNamespace(path: string): string {
  return parse(path, ["namespaces", undefined])[1]!;
}

/**
 * Reads `namespaces/NS/KIND/NAME`.
 *
 * @throws {RpcError} INVALID_ARGUMENT
 */
export function parseResource(path: string, kind: ResourceKind): ResourceName {
  const [, namespace, , name] = parse(path, ["namespaces", undefined, kind, undefined]);
  return { namespace: namespace!, name: name! };
}

/** Writes `namespaces/NS/KIND/NAME`. */
export function resourcePath(kind: ResourceKind, { namespace, name }: ResourceName): string {
  return `namespaces/${namespace}/${kind}/${name}`;
}

function parse(path: string, form: readonly (string | undefined)[]): string[] {
  const segments = path.split("/");
  if (segments.length !== form.length) {
    refuse(path, `expected ${form.length} segments, found ${segments.length}`);
  }
  for (const [at, expected] of form.entries()) {
    const found = segments[at]!;
    if (expected !== undefined && found !== expected) {
      refuse(path, `expected segment ${at + 1} to be "${expected}", found "${found}"`);
    }
    if (found === "") refuse(path, `segment ${at + 1} is empty`);
  }
  return segments;
}

function refuse(path: string, fault: string): never {
  throw new RpcError("INVALID_ARGUMENT", `invalid resource identifier "${path}": ${fault}`);
}
