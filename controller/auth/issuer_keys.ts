import { ConfigError } from "@jumpstarter/lib/errors";
import { createLocalJWKSet, errors, type JSONWebKeySet, type LocalJWKSet } from "jose";
import { fetchJson, type FetchOptions } from "./fetch_json.ts";
import type { IssuerConfig } from "./issuer_config.ts";
import { checkSignature, refuseToken } from "./token.ts";

/** How an issuer's keys are fetched and kept. */
export interface IssuerKeysOptions {
  /** Whether keys may be fetched without TLS: for tests alone. */
  readonly allowHttp?: boolean;
  /** For one document; ms. */
  readonly timeout?: number;
  /** Hears of keys that could not be fetched. */
  readonly onFailure?: (error: Error) => void;
  /** The time in ms since 1970. */
  readonly now?: () => number;
}

/** What issuers may sign with: nothing that needs a shared secret, and never nothing. */
const ALGORITHMS = ["RS", "ES", "PS"].flatMap((family) =>
  [256, 384, 512].map((size) => `${family}${size}`)
);
const TIMEOUT = 5_000;
const MAX_BYTES = 256 * 1024;
/** Keys are fetched again after this time; the old ones are kept where that fails. */
const MAX_AGE = 10 * 60_000;
/** Between attempts, when the last one failed; ms. */
const RETRY_AFTER = 10_000;
/** Between attempts, when tokens come that no key fits; ms. */
const COOLDOWN = 30_000;

/** The public keys of an external issuer, found by OpenID discovery when they are first needed. */
export class IssuerKeys {
  #issuer: IssuerConfig["issuer"];
  #options: IssuerKeysOptions;
  #keys: LocalJWKSet | undefined;
  #fetched = -Infinity;
  #failed = -Infinity;
  #fetching: Promise<void> | undefined;

  constructor(issuer: IssuerConfig["issuer"], options: IssuerKeysOptions = {}) {
    this.#issuer = issuer;
    this.#options = options;
  }

  /** Whether there are keys to verify with. */
  get isReady(): boolean {
    return this.#keys !== undefined;
  }

  /** Fetches the keys if there are none, or old ones, unless that has just failed. Never throws. */
  async prepare(): Promise<void> {
    await this.#refresh(MAX_AGE);
  }

  /**
   * Checks the signature of a token; fetches the keys anew when none fits.
   *
   * @throws {RpcError} UNKNOWN when it is not of this issuer, or its keys cannot be had
   */
  async checkSignature(token: string): Promise<void> {
    await this.prepare();
    const keys = this.#keys;
    if (keys === undefined) refuseToken("oidc: authenticator not initialized");
    try {
      await checkWithAny(token, keys);
    } catch (error) {
      await this.#refresh(COOLDOWN);
      if (this.#keys === keys) throw error;
      await checkWithAny(token, this.#keys!);
    }
  }

  async #refresh(maxAge: number): Promise<void> {
    const now = (this.#options.now ?? Date.now)();
    const isDue = now - this.#fetched >= maxAge && now - this.#failed >= RETRY_AFTER;
    if (isDue) this.#fetching ??= this.#fetch(now).finally(() => this.#fetching = undefined);
    await this.#fetching;
  }

  async #fetch(now: number): Promise<void> {
    try {
      this.#keys = createLocalJWKSet(await this.#fetchKeySet());
      this.#fetched = now;
    } catch (error) {
      this.#failed = now;
      this.#options.onFailure?.(error as Error);
    }
  }

  async #fetchKeySet(): Promise<JSONWebKeySet> {
    const { url, discoveryURL, certificateAuthority } = this.#issuer;
    const options: FetchOptions = {
      ...(certificateAuthority && { caCerts: [await readAuthority(certificateAuthority)] }),
      timeout: this.#options.timeout ?? TIMEOUT,
      maxBytes: MAX_BYTES,
    };
    const place = discoveryURL ?? `${url.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const document = await fetchJson(place, options) as { issuer?: unknown; jwks_uri?: unknown };
    if (document?.issuer !== url) {
      throw new ConfigError(`${place} is about the issuer ${document?.issuer}, not ${url}`);
    }
    const keys = document.jwks_uri;
    if (typeof keys !== "string" || !this.#mayFetch(keys)) {
      throw new ConfigError(`${place} has no jwks_uri that begins with https://`);
    }
    return await fetchJson(keys, options) as JSONWebKeySet;
  }

  #mayFetch(url: string): boolean {
    const protocol = URL.canParse(url) ? new URL(url).protocol : "";
    return protocol === "https:" || (protocol === "http:" && this.#options.allowHttp === true);
  }
}

/** Tokens without `kid` may fit several keys: each is tried. */
async function checkWithAny(token: string, keys: LocalJWKSet): Promise<void> {
  try {
    return await checkSignature(token, keys, ALGORITHMS);
  } catch (error) {
    const candidates = (error as Error).cause;
    if (!(candidates instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of candidates) {
      if (await checkSignature(token, key as CryptoKey, ALGORITHMS).then(() => true, () => false)) {
        return;
      }
    }
    throw error;
  }
}

/**
 * The roots that `certificateAuthority` names, PEM.
 *
 * @throws {ConfigError} when the file cannot be read, or is no PEM
 */
export async function readAuthority(textOrFile: string): Promise<string> {
  const what = "the certificateAuthority of an issuer";
  const isText = textOrFile.includes("-----BEGIN ");
  const pem = isText ? textOrFile : await Deno.readTextFile(textOrFile).catch((cause) => {
    throw new ConfigError(`${what} is no PEM, and no file that can be read: ${textOrFile}`, {
      cause,
    });
  });
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  throw new ConfigError(`${what} has no certificate: ${isText ? "the text" : textOrFile}`);
}
