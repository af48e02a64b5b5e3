import { X509Certificate } from "node:crypto";
import type { Log } from "../scheduler/mod.ts";

const DAY = 24 * 60 * 60 * 1_000;
/** How long before its end a certificate that nobody renews by itself is told of, ms. */
const TELL_BEFORE = 30 * DAY;

/** Tells the log, at once and then daily, of a certificate that somebody has to replace. */
export class ExpiryWatch implements Disposable {
  readonly #cert: () => string | undefined;
  readonly #log: Log;
  readonly #round: ReturnType<typeof setInterval>;

  /** Watches what `cert` yields, PEM; nothing while it yields nothing. */
  constructor(cert: () => string | undefined, log: Log) {
    this.#cert = cert;
    this.#log = log;
    this.#round = setInterval(() => this.look(), DAY);
    this.look();
  }

  /** Looks now. */
  look(now: number = Date.now()): void {
    const cert = this.#cert();
    if (cert === undefined) return;
    const end = expiryOf(cert);
    const fields = { expires: new Date(end).toISOString() };
    if (end <= now) {
      this.#log(
        "ERROR",
        "certificate has expired: nobody can connect until it is replaced",
        fields,
      );
    } else if (end - now < TELL_BEFORE) {
      this.#log("WARNING", "certificate expires soon: replace it", fields);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#round);
  }
}

/** When a certificate in PEM ends, the first of several, in ms since 1970. */
export function expiryOf(cert: string): number {
  return Date.parse(new X509Certificate(cert).validTo);
}
