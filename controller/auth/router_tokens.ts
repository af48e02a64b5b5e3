import { ConfigError } from "@jumpstarter/lib/errors";
import { RpcError } from "@jumpstarter/lib/rpc";
import { checkSignature, type Claims, decodeClaims, signClaims } from "./token.ts";

/** What a router token lets its bearers do. */
export interface RouterGrant {
  /** The tunnel: two who come with the same one are connected. */
  readonly id: string;
  /** The lease it is for; tokens of the Go controller do not say. */
  readonly leaseName?: string;
  /** Until when a stream may begin, in ms since 1970. */
  readonly expires: number;
}

/** How router tokens are made and checked. */
export interface RouterTokensOptions {
  /** Shared by controller and routers; its bytes are used as they are. */
  readonly key: string | Uint8Array;
  /** How far the clock of a controller elsewhere may be ahead, in ms; 0 unless given. */
  readonly leeway?: number;
  /** The time in ms since 1970. */
  readonly now?: () => number;
}

const ISSUER = "https://jumpstarter.dev/stream";
const AUDIENCE = "https://jumpstarter.dev/router";
/** Of tokens with which a router asks its controller what becomes of leases; ours alone. */
const CONTROL = "https://jumpstarter.dev/router-control";
const ALGORITHMS = ["HS256", "HS384", "HS512"];
const LIFETIME = 30 * 60 * 1000;

/** Makes the tokens with which client and exporter meet at a router, and checks them there. */
export class RouterTokens {
  #key: Uint8Array;
  #leeway: number;
  #now: () => number;

  /** @throws {ConfigError} when the key is empty: everybody could make tokens */
  constructor({ key, leeway = 0, now = Date.now }: RouterTokensOptions) {
    this.#key = typeof key === "string" ? new TextEncoder().encode(key) : key.slice();
    this.#leeway = leeway;
    this.#now = now;
    if (this.#key.length === 0) {
      throw new ConfigError("the router key is empty; set ROUTER_KEY, or leave it to the store");
    }
  }

  /** A token for one new tunnel, the same for both of its ends. */
  issue(leaseName?: string): Promise<string> {
    return this.#issue(AUDIENCE, leaseName);
  }

  /** A token with which a router follows what its controller decides. */
  issueControl(): Promise<string> {
    return this.#issue(CONTROL);
  }

  async #issue(audience: string, leaseName?: string): Promise<string> {
    const iat = Math.floor(this.#now() / 1000);
    return await signClaims(
      {
        iss: ISSUER,
        sub: crypto.randomUUID(),
        aud: [audience],
        exp: iat + LIFETIME / 1000,
        nbf: iat,
        iat,
        jti: crypto.randomUUID(),
        ...(leaseName && { lease: leaseName }),
      },
      this.#key,
      "HS256",
    );
  }

  /**
   * Finds out which tunnel the bearer of a token may join.
   *
   * @throws {RpcError} UNAUTHENTICATED; the text tells nothing of the token
   */
  verify(token: string): Promise<RouterGrant> {
    return this.#verify(token, AUDIENCE);
  }

  /**
   * Finds out whether the bearer of a token is a router of this lab.
   *
   * @throws {RpcError} UNAUTHENTICATED; the text tells nothing of the token
   */
  async verifyControl(token: string): Promise<void> {
    await this.#verify(token, CONTROL);
  }

  async #verify(token: string, audience: string): Promise<RouterGrant> {
    const grant = this.#grantOf(decodeClaims(token) ?? {}, audience);
    try {
      if (grant === undefined) throw new Error("claims missing, or not for now and here");
      await checkSignature(token, this.#key, ALGORITHMS);
      return grant;
    } catch (cause) {
      throw new RpcError("UNAUTHENTICATED", "invalid jwt token", { cause });
    }
  }

  #grantOf(
    { iss, aud, sub, exp, nbf = 0, iat = 0, lease }: Claims,
    audience: string,
  ): RouterGrant | undefined {
    const now = this.#now() / 1000;
    const begun = now + this.#leeway / 1000;
    const isMeant = iss === ISSUER && [aud].flat().includes(audience) &&
      typeof exp === "number" && now < exp &&
      typeof nbf === "number" && nbf <= begun &&
      typeof iat === "number" && iat <= begun &&
      typeof sub === "string" && sub !== "";
    if (!isMeant) return undefined;
    return { id: sub, expires: exp * 1000, ...(typeof lease === "string" && { leaseName: lease }) };
  }
}
