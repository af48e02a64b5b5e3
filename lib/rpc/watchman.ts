import type { ServerHttp2Session } from "node:http2";

/** How long peers may be silent. */
export interface SilenceLimits {
  /** How often each of them is looked after, milliseconds. */
  readonly round: number;
  /** A peer that was silent for so many rounds is pinged: what lives answers. */
  readonly ping: number;
  /** A peer that was silent for so many rounds counts as gone. */
  readonly gone: number;
}

/** What is known of a connection. */
interface Silence {
  bytesRead: number;
  rounds: number;
}

/** In so many turns a round is made, each for some of the connections: thousands keep nobody waiting. */
const TURNS = 4;

/**
 * Notices peers that vanish, by one timer for all. Rounds are counted, not time, so that nobody is
 * dropped because this process stood still.
 */
export class Watchman implements Disposable {
  readonly #limits: SilenceLimits;
  readonly #parts = Array.from({ length: TURNS }, () => new Map<ServerHttp2Session, Silence>());
  readonly #timer: ReturnType<typeof setInterval>;
  #turn = 0;
  #count = 0;

  constructor(limits: SilenceLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => {
      for (const known of this.#parts[this.#turn++ % TURNS]!) this.#lookAfter(...known);
    }, limits.round / TURNS);
  }

  /** Looks after a connection until it ends. */
  watch(session: ServerHttp2Session): void {
    const part = this.#parts[this.#count++ % TURNS]!;
    part.set(session, { bytesRead: 0, rounds: 0 });
    session.once("close", () => part.delete(session));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #lookAfter(session: ServerHttp2Session, silence: Silence): void {
    if (session.destroyed) return; // its end is on its way
    const { bytesRead } = session.socket;
    silence.rounds = bytesRead === silence.bytesRead ? silence.rounds + 1 : 0;
    silence.bytesRead = bytesRead;
    if (silence.rounds === this.#limits.ping) session.ping(() => {}); // the answer counts as bytes
    if (silence.rounds >= this.#limits.gone) session.destroy();
  }
}
