import { INTERNAL_ISSUER, type IsRevoked, type PrincipalKind } from "../auth/mod.ts";
import { decodeClaims } from "../auth/token.ts";

/**
 * Which token of an object is the good one: the one in its Secret. Tokens of the Go controller have
 * no id; they are good until the object's token is rotated.
 */
export class TokenIds {
  readonly #ids = new Map<string, string | undefined>();
  readonly #rotated = new Set<string>();

  /** Notes the token that is good from now on. */
  set(kind: PrincipalKind, name: string, token: string, isRotated: boolean): void {
    const key = keyOf(kind, name);
    this.#ids.set(key, idOf(token));
    if (isRotated) this.#rotated.add(key);
    else this.#rotated.delete(key);
  }

  /** Forgets an object's token: none is good. */
  delete(kind: PrincipalKind, name: string): void {
    this.#ids.delete(keyOf(kind, name));
  }

  /** Whether a token was replaced by a newer one. */
  isRevoked: IsRevoked = (jti, subject) => {
    const [kind, , name] = subject.split(":");
    const key = `${kind}:${name}`;
    return jti === undefined ? this.#rotated.has(key) : this.#ids.get(key) !== jti;
  };
}

function keyOf(kind: PrincipalKind, name: string): string {
  return `${kind.toLowerCase()}:${name}`;
}

function idOf(token: string): string | undefined {
  const claims = decodeClaims(token);
  return claims?.iss === INTERNAL_ISSUER && typeof claims.jti === "string" ? claims.jti : undefined;
}
