import { createHash } from "node:crypto";
import { ConfigError } from "@jumpstarter/lib/errors";
import { type Principal, type PrincipalKind, subjectOf } from "./principal.ts";
import { importPublicKey, type PublicJwk, type SigningKey } from "./signing_key.ts";
import { storeFailure } from "./store_failure.ts";
import { badToken, checkClaims, checkSignature, type Claims, signClaims } from "./token.ts";
import type { VerifiedToken } from "./verified_token.ts";

/**
 * Whether a token was replaced by a newer one of the same subject.
 *
 * @param jti names the token; undefined for tokens of the Go controller
 */
export type IsRevoked = (
  jti: string | undefined,
  subject: string,
) => boolean | Promise<boolean>;

/** How tokens are made and checked. */
export interface InternalIssuerOptions {
  /** Signs the tokens. */
  readonly key: SigningKey;
  /** Keys whose tokens are good as well, such as a former one; nothing is signed with them. */
  readonly alsoAccepts?: readonly PublicJwk[];
  /** How long new tokens last, in ms; 365 days unless given. */
  readonly lifetime?: number;
  /** The prefix of usernames; `internal:` unless given. */
  readonly prefix?: string;
  /** Tells which tokens are no longer good. */
  readonly isRevoked: IsRevoked;
  /** The time in ms since 1970. */
  readonly now?: () => number;
}

/** A token for an object. */
export interface IssuedToken {
  /** The token: a secret. */
  readonly token: string;
  /** Names the token without giving it away. */
  readonly jti: string;
  /** When it expires, in ms since 1970. */
  readonly expires: number;
}

/** What `/.well-known/openid-configuration` answers. */
export interface DiscoveryDocument {
  /** The `iss` of the tokens. */
  readonly issuer: string;
  /** Where the keys are. */
  readonly jwks_uri: string;
  /** Always `id_token`. */
  readonly response_types_supported: readonly string[];
  /** Always `public`. */
  readonly subject_types_supported: readonly string[];
  /** Always `ES256`. */
  readonly id_token_signing_alg_values_supported: readonly string[];
}

/** What `/jwks` answers. */
export interface KeySet {
  /** One key. */
  readonly keys: readonly (PublicJwk & { kid: string; use: "sig"; alg: "ES256" })[];
}

/** The issuer that tokens of clients and exporters name; nothing has to listen there. */
export const INTERNAL_ISSUER = "https://localhost:8085";
/** The prefix of usernames in tokens we signed, unless another one is configured. */
export const INTERNAL_PREFIX = "internal:";

const AUDIENCE = "jumpstarter";
const ALGORITHM = "ES256";
const MAX_REMEMBERED = 10_000;
const DAY = 24 * 60 * 60 * 1000;

/** Makes the tokens of clients and exporters, and recognizes them. */
export class InternalIssuer {
  /** The prefix of the usernames in its tokens. */
  readonly prefix: string;
  #options: InternalIssuerOptions;
  #lifetime: number;
  #keys: readonly CryptoKey[];
  /** Digests of tokens whose signature was found good, the oldest first. */
  #signed = new Set<string>();

  private constructor(options: InternalIssuerOptions, keys: readonly CryptoKey[]) {
    this.prefix = options.prefix || INTERNAL_PREFIX;
    this.#options = options;
    this.#lifetime = checkLifetime(options.lifetime);
    this.#keys = keys;
  }

  /**
   * Makes tokens that last so long from now on, in ms; 365 days unless given.
   *
   * @throws {ConfigError} when it is not positive
   */
  useLifetime(lifetime: number | undefined): void {
    this.#lifetime = checkLifetime(lifetime);
  }

  /**
   * Gets the keys ready.
   *
   * @throws {ConfigError} when the lifetime is not positive
   */
  static async open(options: InternalIssuerOptions): Promise<InternalIssuer> {
    const accepted = [options.key.publicJwk, ...options.alsoAccepts ?? []];
    return new InternalIssuer(options, await Promise.all(accepted.map(importPublicKey)));
  }

  /** Makes a new token for an object. Whoever calls this decides what becomes of the one before. */
  async issue(kind: PrincipalKind, object: Principal): Promise<IssuedToken> {
    const now = this.#now();
    const [iat, exp] = [now, now + this.#lifetime].map((time) => Math.floor(time / 1000));
    const [jti, sub] = [crypto.randomUUID(), subjectOf(kind, object)];
    const claims = { iss: INTERNAL_ISSUER, sub, aud: [AUDIENCE], iat, exp, jti };
    const token = await signClaims(claims, this.#options.key.privateKey, ALGORITHM);
    return { token, jti, expires: exp! * 1000 };
  }

  /**
   * Finds out whose token it is.
   *
   * @param claims the ones of the token, decoded
   * @throws {RpcError} UNKNOWN when the token is not of this issuer, expired, or revoked
   */
  async verify(token: string, claims: Claims): Promise<VerifiedToken> {
    const { jti, sub } = claims;
    const expires = checkClaims(claims, { audiences: [AUDIENCE], now: this.#now() });
    await this.#checkSignature(token);
    if (typeof sub !== "string") badToken("the token has no subject");
    if (await this.#isRevoked(typeof jti === "string" ? jti : undefined, sub)) {
      badToken("the token is revoked: a newer one took its place");
    }
    return { username: this.prefix + sub, isInternal: true, expires };
  }

  /** Where to find the keys, for others who verify tokens. */
  discovery(): DiscoveryDocument {
    return {
      issuer: INTERNAL_ISSUER,
      jwks_uri: `${INTERNAL_ISSUER}/jwks`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: [ALGORITHM],
    };
  }

  /** The key for new tokens, for others who verify them. */
  jwks(): KeySet {
    return {
      keys: [{ ...this.#options.key.publicJwk, kid: "default", use: "sig", alg: ALGORITHM }],
    };
  }

  async #isRevoked(jti: string | undefined, subject: string): Promise<boolean> {
    try {
      return await this.#options.isRevoked(jti, subject);
    } catch (error) {
      throw storeFailure("cannot tell whether the token is revoked", error);
    }
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  /** Remembers good tokens, for a check costs much and clients poll; times are not remembered. */
  async #checkSignature(token: string): Promise<void> {
    const digest = createHash("sha256").update(token).digest("base64");
    if (this.#signed.has(digest)) return;
    await this.#checkWithAnyKey(token);
    const [oldest] = this.#signed;
    if (this.#signed.size >= MAX_REMEMBERED) this.#signed.delete(oldest!);
    this.#signed.add(digest);
  }

  async #checkWithAnyKey(token: string): Promise<void> {
    let failure: unknown;
    for (const key of this.#keys) {
      try {
        return await checkSignature(token, key, [ALGORITHM]);
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }
}

function checkLifetime(lifetime = 365 * DAY): number {
  if (lifetime > 0 && Number.isFinite(lifetime)) return lifetime;
  throw new ConfigError(
    "authentication.internal.tokenLifetime must be more than zero; leave it out for 365 days",
  );
}
