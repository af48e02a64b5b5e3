import { RpcError } from "@jumpstarter/lib/rpc";
import type { VerifiedToken } from "./verified_token.ts";

/** The longest name of an object, as Kubernetes has it for labels. */
const MAX_NAME = 63;

/**
 * The object name that belongs to a user of an external issuer: the username without its prefix, in
 * lower case, with a dash for everything but letters and digits. It may come out empty.
 *
 * ```ts
 * import { derivedName } from "@jumpstarter/controller/auth";
 *
 * console.log(derivedName("dex:foo@example.com")); // "foo-example-com"
 * ```
 */
export function derivedName(username: string): string {
  return username
    .slice(username.indexOf(":") + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, MAX_NAME)
    .replace(/-$/, "");
}

/** Whether it is a Kubernetes service account, by way of an issuer: `dex:system:serviceaccount:NS:NAME`. */
export function isServiceAccount(username: string): boolean {
  const parts = username.split(":");
  return parts.length >= 5 && parts[1] === "system" && parts[2] === "serviceaccount";
}

/** Whether the caller says itself which object it is; otherwise its username decides. */
export function choosesName({ isInternal, username }: VerifiedToken): boolean {
  return isInternal || isServiceAccount(username);
}

/**
 * The name of the object that the caller is.
 *
 * @param given `jumpstarter-name`; empty when it was not given
 * @throws {RpcError} INVALID_ARGUMENT when a name is missing, or is not the caller's
 */
export function objectName(token: VerifiedToken, given: string): string {
  if (choosesName(token)) {
    return given || refuse("resource name required for pre-existing authentication");
  }
  const expected = derivedName(token.username);
  if (expected === "") {
    refuse("resource name required: the username has no letter or digit to derive one from");
  }
  if (given !== "" && given !== expected) {
    refuse(`resource name mismatch: given "${given}", expected "${expected}"`);
  }
  return expected;
}

function refuse(details: string): never {
  throw new RpcError("INVALID_ARGUMENT", details);
}
