import type { Log } from "../scheduler/mod.ts";
import { ExpiryWatch } from "./expiry_watch.ts";
import { type CertificateFiles, readGivenIdentity } from "./given_identity.ts";
import { type Identity, loadIdentity } from "./identity.ts";

/** What {@linkcode Identities.open} takes. */
export interface IdentitiesOptions {
  /** The folder of the certificates that are self-made. */
  readonly data: string;
  /** The names and addresses that they are for. */
  readonly hosts: readonly string[];
  /** A certificate that others have made. */
  readonly given?: CertificateFiles | undefined;
  /** Takes what there is to tell. */
  readonly log: Log;
}

/** How often self-made certificates are looked after, ms. */
const ROUND = 24 * 60 * 60 * 1_000;

/** The certificates of a controller: its own, which it renews, and one that it may have been given. */
export class Identities implements Disposable {
  readonly #options: IdentitiesOptions;
  readonly #followers: (() => void)[] = [];
  readonly #round: ReturnType<typeof setInterval>;
  readonly #watch: ExpiryWatch;
  #own: Identity;
  #given: Identity | undefined;

  private constructor(options: IdentitiesOptions, own: Identity, given: Identity | undefined) {
    this.#options = options;
    this.#own = own;
    this.#given = given;
    this.#round = setInterval(() => void this.renew(), ROUND);
    this.#watch = new ExpiryWatch(() => this.#given?.cert, options.log);
  }

  /**
   * Reads them, or makes what is not there.
   *
   * @throws {ConfigError} when one cannot be used
   */
  static async open(options: IdentitiesOptions): Promise<Identities> {
    const { data, hosts, given } = options;
    const own = await loadIdentity(data, hosts);
    return new Identities(options, own, given && await readGivenIdentity(given));
  }

  /** The self-made one. */
  get own(): Identity {
    return this.#own;
  }

  /** The one that clients and exporters see. */
  get shown(): Identity {
    return this.#given ?? this.#own;
  }

  /** Shows another given one. */
  use(given: Identity): void {
    this.#given = given;
    this.#watch.look();
    this.#tell();
  }

  /** Calls back whenever one has become another. */
  follow(take: () => void): void {
    this.#followers.push(take);
  }

  /** Makes the self-made one anew if it is about to end. Never throws: the log is told. */
  async renew(now: number = Date.now()): Promise<void> {
    const { data, hosts, log } = this.#options;
    try {
      const next = await loadIdentity(data, hosts, now);
      if (next.cert === this.#own.cert) return;
      this.#own = next;
      this.#tell();
      log("INFO", "certificate renewed", { folder: data });
    } catch (error) {
      log("ERROR", "certificate not renewed", { error: (error as Error).message });
    }
  }

  #tell(): void {
    for (const take of this.#followers) take();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#round);
    this.#watch[Symbol.dispose]();
  }
}
