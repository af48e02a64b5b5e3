import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { ConfigError } from "@jumpstarter/lib/errors";

/** The public part of a P-256 key, as a JSON Web Key. */
export interface PublicJwk {
  /** The type of key: on an elliptic curve. */
  readonly kty: "EC";
  /** The curve. */
  readonly crv: "P-256";
  /** The point's first coordinate, base64url. */
  readonly x: string;
  /** The point's second coordinate, base64url. */
  readonly y: string;
}

/** A P-256 key with its private part, as a JSON Web Key: a secret. */
export interface PrivateJwk extends PublicJwk {
  /** The private scalar, base64url. */
  readonly d: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const HINT = 'make one with "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"';

/** The key that signs the tokens of clients and exporters. Printing or logging it shows nothing. */
export class SigningKey {
  #jwk: PrivateJwk;
  /** Signs; cannot be exported. */
  readonly privateKey: CryptoKey;

  private constructor(jwk: PrivateJwk, privateKey: CryptoKey) {
    this.#jwk = jwk;
    this.privateKey = privateKey;
  }

  /** A new random key. */
  static async generate(): Promise<SigningKey> {
    const { privateKey } = await crypto.subtle.generateKey(ALGORITHM, true, ["sign"]);
    const jwk = await crypto.subtle.exportKey("jwk", privateKey);
    return await SigningKey.read(JSON.stringify(jwk));
  }

  /**
   * Reads a key as {@linkcode exportText} wrote it, or from a PEM file.
   *
   * @throws {ConfigError} when it is no private key on the curve P-256
   */
  static async read(text: string): Promise<SigningKey> {
    const jwk = privateJwk(text);
    const { kty, crv, x, y, d } = jwk;
    const key = { kty, crv, x, y, d };
    try {
      const imported = await crypto.subtle.importKey("jwk", key, ALGORITHM, false, ["sign"]);
      return new SigningKey(key, imported);
    } catch (cause) {
      throw new ConfigError(`the signing key is damaged; ${HINT}`, { cause });
    }
  }

  /** What the store keeps: the private key as text. A secret. */
  exportText(): string {
    return JSON.stringify(this.#jwk);
  }

  /** What others need to verify. */
  get publicJwk(): PublicJwk {
    const { kty, crv, x, y } = this.#jwk;
    return { kty, crv, x, y };
  }
}

/** Makes a public key usable for verification. */
export async function importPublicKey({ kty, crv, x, y }: PublicJwk): Promise<CryptoKey> {
  return await crypto.subtle.importKey("jwk", { kty, crv, x, y }, ALGORITHM, false, ["verify"]);
}

/**
 * Reads a public P-256 key, as JSON Web Key, as a set of one, or as PEM: what `/jwks` of another
 * controller answers can be given as it is.
 *
 * @throws {ConfigError} when it is no key on the curve P-256
 */
export function readPublicKey(text: string): PublicJwk {
  const { kty, crv, x, y } = read(text, "verification key", (parsed) => {
    const keys = (parsed as { keys?: unknown[] } | undefined)?.keys;
    const key = Array.isArray(keys) && keys.length === 1 ? keys[0] : parsed;
    return createPublicKey(key === undefined ? text : { key: key as JsonWebKey, format: "jwk" });
  });
  return { kty, crv, x, y };
}

function privateJwk(text: string): PrivateJwk {
  const jwk = read(
    text,
    "signing key",
    (parsed) =>
      createPrivateKey(parsed === undefined ? text : { key: parsed as JsonWebKey, format: "jwk" }),
  );
  return jwk as PrivateJwk;
}

function read(text: string, what: string, parse: (json: unknown) => KeyObject): PublicJwk {
  try {
    const isJson = text.trimStart().startsWith("{");
    const jwk = parse(isJson ? JSON.parse(text) : undefined).export({ format: "jwk" });
    if (jwk.kty === "EC" && jwk.crv === "P-256") return jwk as unknown as PublicJwk;
  } catch {
    // What the parsers say may quote the key.
  }
  throw new ConfigError(`the ${what} is no P-256 key in PEM or JWK form; ${HINT}`);
}
