import { RpcError } from "@jumpstarter/lib/rpc";
import { CompactSign, compactVerify, type CompactVerifyGetKey, decodeJwt } from "jose";

/** The claims of a token, as they stand in it: nothing is known of their types. */
export type Claims = Readonly<Record<string, unknown>>;

/** What the claims of a token have to be. */
export interface ClaimRules {
  /** At least one of these must be an audience of the token. */
  readonly audiences: readonly string[];
  /** The time, in ms since 1970. */
  readonly now: number;
  /** How far in the future `nbf` may be, in ms. */
  readonly leeway?: number;
}

/** Longer ones are not looked at; bytes. */
const MAX_TOKEN = 16 * 1024;
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** The claims of a token, of which nothing is checked yet; undefined when it is no token. */
export function decodeClaims(token: string): Claims | undefined {
  if (token.length > MAX_TOKEN || !COMPACT.test(token)) return undefined;
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

/**
 * Checks audience and times, before the signature: whoever comes with an old token of an old key
 * has to hear that it is expired, to fetch a new one.
 *
 * @returns when the token expires, in ms since 1970
 * @throws {RpcError} what is wrong with the token
 */
export function checkClaims(claims: Claims, { audiences, now, leeway = 0 }: ClaimRules): number {
  const given = [claims.aud].flat();
  if (!audiences.some((audience) => given.includes(audience))) {
    const expected = audiences.map((audience) => JSON.stringify(audience)).join(" or ");
    badToken(`oidc: expected audience ${expected}`);
  }
  const [expires, notBefore] = [milliseconds(claims.exp), milliseconds(claims.nbf ?? 0)];
  if (expires === undefined) badToken("oidc: the token has no usable exp");
  if (now >= expires) badToken(`oidc: token is expired (Token Expiry: ${formatTime(expires)})`);
  if (notBefore === undefined || notBefore > now + leeway) {
    badToken("oidc: the token is not valid yet");
  }
  return expires;
}

/**
 * Checks the signature of a token.
 *
 * @throws {RpcError} when it is of another key, or of an algorithm that is not allowed
 */
export async function checkSignature(
  token: string,
  key: CryptoKey | Uint8Array | CompactVerifyGetKey,
  algorithms: readonly string[],
): Promise<void> {
  const getKey = typeof key === "function" ? key : () => key;
  try {
    await compactVerify(token, getKey, { algorithms: [...algorithms] });
  } catch (cause) {
    badToken("failed to verify signature", cause);
  }
}

/** Signs claims, in the order in which they are given. */
export async function signClaims(
  claims: Claims,
  key: CryptoKey | Uint8Array,
  alg: "ES256" | "HS256",
): Promise<string> {
  return await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg, typ: "JWT" })
    .sign(key);
}

/** Refuses a token that an issuer of ours seems to have made. */
export function badToken(details: string, cause?: unknown): never {
  refuseToken(`oidc: verify token: ${details}`, cause);
}

/** Refuses a token; clients show the text of UNKNOWN only. */
export function refuseToken(details: string, cause?: unknown): never {
  throw new RpcError("UNKNOWN", details, cause === undefined ? undefined : { cause });
}

/** Seconds of a claim as milliseconds. */
function milliseconds(claim: unknown): number | undefined {
  return typeof claim === "number" && Number.isFinite(claim) ? claim * 1000 : undefined;
}

function formatTime(time: number): string {
  const date = new Date(time);
  return isNaN(date.getTime()) ? `${time / 1000} s` : date.toISOString();
}
