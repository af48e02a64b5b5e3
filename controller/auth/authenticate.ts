import { RpcError } from "@jumpstarter/lib/rpc";
import { bearerToken, claimedIdentity, type RequestMetadata } from "./metadata.ts";
import { isUserOf, type Principal, type PrincipalKind } from "./principal.ts";
import { isAlreadyExists, isNotFound, storeFailure } from "./store_failure.ts";
import { choosesName, objectName } from "./username.ts";
import type { VerifiedToken } from "./verified_token.ts";

/** What callers of an RPC have to be, and where to look them up. */
export interface Gate<Object extends Principal> {
  /** The kind of caller that the RPC serves. */
  readonly kind: PrincipalKind;
  /** The only namespace that is served; any other one has no objects. */
  readonly namespace: string;
  /** The prefix of usernames in tokens we signed. */
  readonly internalPrefix: string;
  /** Finds out whose token it is; throws for one that is not good. */
  readonly verify: (token: string) => Promise<VerifiedToken>;
  /** Finds the caller's object. */
  readonly find: (namespace: string, name: string) => Lookup<Object | undefined>;
  /** Creates a missing Client with this `spec.username`. Without it, nobody is created. */
  readonly provision?:
    | ((namespace: string, name: string, username: string) => Lookup<Object>)
    | undefined;
}

/** An answer of the store, now or later. */
export type Lookup<T> = T | Promise<T>;

/** A caller that is who it says it is. */
export interface Caller<Object extends Principal> {
  /** The caller's object. */
  readonly object: Object;
  /** The token it came with. */
  readonly token: VerifiedToken;
}

/**
 * Finds out who calls, in the order that callers rely on: the bearer token, whose it is, what the
 * metadata say, the kind, and whether this user may act as that object.
 *
 * @throws {RpcError} the refusal, with the code and text for the caller
 */
export async function authenticate<Object extends Principal>(
  metadata: RequestMetadata,
  gate: Gate<Object>,
): Promise<Caller<Object>> {
  const token = await gate.verify(bearerToken(metadata));
  const { namespace, kind, name: given } = claimedIdentity(metadata);
  const name = objectName(token, given);
  if (kind !== gate.kind) throw new RpcError("INVALID_ARGUMENT", "object kind mismatch");
  const who = `${kind.toLowerCase()} ${namespace}/${name}`;
  const object = namespace === gate.namespace
    ? await findOrProvision(gate, name, token, who)
    : undefined;
  if (object === undefined) {
    const resource = `${kind.toLowerCase()}s.jumpstarter.dev`;
    throw new RpcError("UNKNOWN", `${who}: ${resource} "${name}" not found`);
  }
  if (!isUserOf(token.username, gate.kind, object, gate.internalPrefix)) {
    throw new RpcError("PERMISSION_DENIED", `permission denied for ${who}`);
  }
  return { object, token };
}

/**
 * Refuses a request about another namespace than the caller's.
 *
 * @throws {RpcError} PERMISSION_DENIED
 */
export function checkNamespace(requested: string, caller: Principal): void {
  if (requested === caller.metadata.namespace) return;
  throw new RpcError("PERMISSION_DENIED", "namespace mismatch");
}

async function findOrProvision<Object extends Principal>(
  gate: Gate<Object>,
  name: string,
  token: VerifiedToken,
  who: string,
): Promise<Object | undefined> {
  try {
    const found = await find(gate, name);
    if (found !== undefined || !mayBeProvisioned(gate, token)) return found;
    return await provision(gate, name, token.username);
  } catch (error) {
    throw storeFailure(who, error);
  }
}

/**
 * Only a name that follows from the username is given out. Bearers of our own tokens and service
 * accounts choose theirs: they could take any free name, and a deleted client would come back.
 */
function mayBeProvisioned<Object extends Principal>(
  { kind, provision }: Gate<Object>,
  token: VerifiedToken,
): boolean {
  return provision !== undefined && kind === "Client" && !choosesName(token);
}

async function find<Object extends Principal>(
  { find, namespace }: Gate<Object>,
  name: string,
): Promise<Object | undefined> {
  try {
    return await find(namespace, name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function provision<Object extends Principal>(
  gate: Gate<Object>,
  name: string,
  username: string,
): Promise<Object | undefined> {
  try {
    return await gate.provision!(gate.namespace, name, username);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return await find(gate, name); // another call of the same user was faster
  }
}
