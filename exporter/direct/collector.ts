import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Logger } from "@jumpstarter/lib/driver";

/** Milliseconds without a client after which garbage is collected. */
const QUIET = 1_000;

/**
 * Collects garbage once nobody has been connected for a while. V8 by itself lets it lie until there is
 * as much of it again as there was memory, and an exporter that waits makes none.
 */
export class Collector implements Disposable {
  #log: Logger;
  #collect: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Tells that the last client has left. */
  idle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), QUIET);
    Deno.unrefTimer(this.#timer);
  }

  #run(): void {
    this.#collect ??= collector();
    this.#collect();
    this.#log.debug("nobody is connected: garbage collected");
  }

  /** Collects no more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** V8's own function; it shows in contexts that are made after the flag is set. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}
