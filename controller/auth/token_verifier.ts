import { ExternalIssuer } from "./external_issuer.ts";
import { INTERNAL_ISSUER, type InternalIssuer } from "./internal_issuer.ts";
import type { IssuerConfig } from "./issuer_config.ts";
import type { IssuerKeysOptions } from "./issuer_keys.ts";
import { decodeClaims, refuseToken } from "./token.ts";
import type { VerifiedToken } from "./verified_token.ts";

/** Whose tokens are accepted. */
export interface TokenVerifierOptions extends IssuerKeysOptions {
  /** Our own issuer. */
  readonly internal: InternalIssuer;
  /** External issuers, in the order of the configuration. */
  readonly issuers?: readonly IssuerConfig[];
}

/** Finds out whose a token is: of an external issuer, or our own. */
export class TokenVerifier {
  #options: TokenVerifierOptions;
  #external: readonly ExternalIssuer[] = [];

  private constructor(options: TokenVerifierOptions) {
    this.#options = options;
  }

  /**
   * Gets the rules of the issuers ready; fetches nothing yet.
   *
   * @throws {ConfigError} when a rule of an issuer cannot be used
   */
  static async open(options: TokenVerifierOptions): Promise<TokenVerifier> {
    const verifier = new TokenVerifier(options);
    await verifier.reload(options.issuers ?? []);
    return verifier;
  }

  /**
   * Accepts these external issuers from now on. Those that stay the same keep their keys.
   *
   * @throws {ConfigError} when a rule cannot be used; then nothing changes
   */
  async reload(issuers: readonly IssuerConfig[]): Promise<void> {
    const kept = new Map(this.#external.map((issuer) => [JSON.stringify(issuer.config), issuer]));
    this.#external = await Promise.all(
      issuers.map((config) =>
        kept.get(JSON.stringify(config)) ?? ExternalIssuer.open(config, this.#options)
      ),
    );
  }

  /** The external issuers whose keys are not there yet. */
  get unready(): readonly string[] {
    return this.#external.filter(({ isReady }) => !isReady).map(({ url }) => url);
  }

  /** Fetches the keys of all external issuers; never throws. */
  async prepare(): Promise<void> {
    await Promise.all(this.#external.map((issuer) => issuer.prepare()));
  }

  /**
   * Finds out whose token it is.
   *
   * @throws {RpcError} UNKNOWN with the reason, which never tells the token
   */
  async verify(token: string): Promise<VerifiedToken> {
    const { internal } = this.#options;
    const claims = decodeClaims(token);
    const external = this.#external.find(({ url }) => url === claims?.iss);
    if (claims !== undefined && external !== undefined) {
      const verified = await external.verify(token, claims);
      if (!verified.username.startsWith(internal.prefix)) return verified;
      refuseToken(`oidc: usernames that begin with "${internal.prefix}" are for own tokens`);
    }
    if (claims?.iss === INTERNAL_ISSUER) return await internal.verify(token, claims);
    refuseToken("failed to authenticate token");
  }
}
