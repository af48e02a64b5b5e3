import { compileRules, type UsernameOf } from "./claim_rules.ts";
import type { IssuerConfig } from "./issuer_config.ts";
import { IssuerKeys, type IssuerKeysOptions, readAuthority } from "./issuer_keys.ts";
import { checkClaims, type Claims } from "./token.ts";
import type { VerifiedToken } from "./verified_token.ts";

/** How far in the future `nbf` may be, for the clocks of others; ms. */
const LEEWAY = 5 * 60_000;

/**
 * Finds what is wrong with an issuer beyond the shape of its configuration, and gets its rules ready.
 *
 * @throws {ConfigError} for an expression that is no CEL, and roots that cannot be read
 */
export async function checkIssuer(config: IssuerConfig): Promise<UsernameOf> {
  const { certificateAuthority } = config.issuer;
  if (certificateAuthority) await readAuthority(certificateAuthority);
  return await compileRules(config);
}

/** An external OpenID Connect issuer whose tokens are accepted. */
export class ExternalIssuer {
  readonly config: IssuerConfig;
  #keys: IssuerKeys;
  #usernameOf: UsernameOf;
  #now: () => number;

  private constructor(config: IssuerConfig, usernameOf: UsernameOf, options: IssuerKeysOptions) {
    this.config = config;
    this.#keys = new IssuerKeys(config.issuer, options);
    this.#usernameOf = usernameOf;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Gets the rules ready. The issuer's keys are fetched when they are first needed, or by
   * {@linkcode prepare}: an issuer that cannot be reached keeps nobody else waiting.
   *
   * @throws {ConfigError} for an expression that is no CEL, and roots that cannot be read
   */
  static async open(
    config: IssuerConfig,
    options: IssuerKeysOptions = {},
  ): Promise<ExternalIssuer> {
    return new ExternalIssuer(config, await checkIssuer(config), options);
  }

  /** The `iss` of its tokens. */
  get url(): string {
    return this.config.issuer.url;
  }

  /** Whether its tokens can be verified now. */
  get isReady(): boolean {
    return this.#keys.isReady;
  }

  /** Fetches the keys if that is due. Never throws: `onFailure` hears of failures. */
  async prepare(): Promise<void> {
    await this.#keys.prepare();
  }

  /**
   * Finds out whose token it is.
   *
   * @param claims the ones of the token, decoded
   * @throws {RpcError} UNKNOWN when it is not good
   */
  async verify(token: string, claims: Claims): Promise<VerifiedToken> {
    const { audiences } = this.config.issuer;
    const expires = checkClaims(claims, { audiences, now: this.#now(), leeway: LEEWAY });
    await this.#keys.checkSignature(token);
    return { username: this.#usernameOf(claims), isInternal: false, expires };
  }
}
