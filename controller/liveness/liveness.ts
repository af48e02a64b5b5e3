/** How long exporters may be silent, in ms. */
export interface LivenessTimes {
  /** Without a connection that stays open: before it, after a call, and when the controller starts. */
  readonly silence: number;
  /** After the last connection has ended; to come back takes them about a second. */
  readonly reconnect: number;
}

/**
 * A silent exporter is gone after 15 s: a connection whose peer does not answer pings ends within
 * 12 s, and then it has the time to reconnect.
 */
export const LIVENESS_TIMES: LivenessTimes = { silence: 15_000, reconnect: 3_000 };

/** One exporter that is alive. */
interface Life {
  streams: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Knows which exporters are there, in memory: what they do to show it costs no write. */
export class Liveness implements Disposable {
  readonly #times: LivenessTimes;
  readonly #onLost: (name: string) => void;
  readonly #lives = new Map<string, Life>();

  /** @param onLost told of an exporter that is no longer there */
  constructor(onLost: (name: string) => void, times: LivenessTimes = LIVENESS_TIMES) {
    this.#onLost = onLost;
    this.#times = times;
  }

  /** Whether an exporter is there. */
  isAlive(name: string): boolean {
    return this.#lives.has(name);
  }

  /** An exporter keeps a connection open until the result is disposed. */
  open(name: string): Disposable {
    const life = this.#live(name);
    clearTimeout(life.timer);
    life.streams++;
    return {
      [Symbol.dispose]: () => {
        if (--life.streams === 0 && this.#lives.get(name) === life) {
          this.#expire(name, life, this.#times.reconnect);
        }
      },
    };
  }

  /** An exporter was heard of. */
  hear(name: string): void {
    const life = this.#live(name);
    if (life.streams === 0) this.#expire(name, life, this.#times.silence);
  }

  /** An exporter says good-bye; the connections it still has count no more. */
  leave(name: string): void {
    clearTimeout(this.#lives.get(name)?.timer);
    this.#lives.delete(name);
  }

  [Symbol.dispose](): void {
    for (const name of [...this.#lives.keys()]) this.leave(name);
  }

  #live(name: string): Life {
    const known = this.#lives.get(name);
    if (known !== undefined) return known;
    const life: Life = { streams: 0, timer: undefined };
    this.#lives.set(name, life);
    return life;
  }

  #expire(name: string, life: Life, time: number): void {
    clearTimeout(life.timer);
    life.timer = setTimeout(() => {
      this.#lives.delete(name);
      this.#onLost(name);
    }, time);
  }
}
