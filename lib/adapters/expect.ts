import { ConnectionError, JumpstarterError, TimeoutError } from "../errors.ts";
import type { ByteStream } from "../streams/byte_stream.ts";
import { Transcript } from "./transcript.ts";

/** How {@linkcode Expect} treats its stream. */
export interface ExpectOptions {
  /** What {@linkcode Expect.sendLine} puts after a line; default `"\n"`. */
  lineEnd?: string;
  /** Characters of output that `transcript` keeps; default 1 Mi. */
  transcriptSize?: number;
}

/** How long {@linkcode Expect.until} waits. */
export interface UntilOptions {
  /** Milliseconds; default 30 000. */
  within?: number;
  /** Gives the wait up. */
  signal?: AbortSignal;
}

/** What {@linkcode Expect.until} found. */
export interface Expected {
  /** The output before the match, from the end of the last match on. */
  readonly before: string;
  /** The match and its groups; for a text, the text alone. */
  readonly match: RegExpExecArray;
}

/** Output that waits for `until`; beyond it the device is not read, or the oldest is given up. */
const MAX_PENDING = 262_144;

/**
 * Waits for what a device says, and answers: a dialogue over a byte stream.
 *
 * Output is read in the background, so nothing is lost between two calls.
 *
 * ```ts
 * import { Expect } from "@jumpstarter/lib/adapters";
 * import { pipe } from "@jumpstarter/lib/streams";
 *
 * const [device, stream] = pipe();
 * await using console = new Expect(stream);
 * await device.write(new TextEncoder().encode("board login: "));
 * const { match } = await console.until(/(\w+) login:/);
 * await console.sendLine(match[1] === "board" ? "root" : "guest");
 * await device.read(); // "root\n"
 * ```
 */
export class Expect implements AsyncDisposable {
  #stream: ByteStream;
  #lineEnd: string;
  #transcript: Transcript;
  #pending = "";
  #end: { cause?: unknown } | undefined;
  #isWaiting = false;
  #wake: (() => void) | undefined;
  #resume: (() => void) | undefined;
  #isDisposed = false;
  #reading: Promise<void>;

  /** Takes the stream over: it is closed with this object. */
  constructor(stream: ByteStream, options: ExpectOptions = {}) {
    this.#stream = stream;
    this.#lineEnd = options.lineEnd ?? "\n";
    this.#transcript = new Transcript(options.transcriptSize ?? 1_048_576);
    this.#reading = this.#read();
  }

  /** The last output so far, matched or not. */
  get transcript(): string {
    return this.#transcript.text;
  }

  /** The last lines of the transcript that are not blank, without control characters. */
  lastLines(count: number): string[] {
    return this.#transcript.lastLines(count);
  }

  /**
   * Waits until the output holds the pattern, and takes all output up to its end. A repetition at
   * the end of a regular expression takes what is there by then: to get a whole line, match its end.
   *
   * Fails with `TimeoutError` when time is up, with `ConnectionError` when the output ended.
   */
  async until(pattern: string | RegExp, options: UntilOptions = {}): Promise<Expected> {
    const { within = 30_000, signal } = options;
    if (this.#isWaiting) throw new JumpstarterError("usage", "until() is waiting already");
    signal?.throwIfAborted();
    const find = finder(pattern);
    let isOver = false;
    const giveUp = () => {
      isOver = true;
      this.#wake?.();
    };
    const timer = setTimeout(giveUp, within);
    signal?.addEventListener("abort", giveUp, { once: true });
    this.#isWaiting = true;
    try {
      for (;;) {
        const match = find(this.#pending);
        if (match !== null) return this.#take(match);
        signal?.throwIfAborted();
        if (this.#end !== undefined) throw this.#ended(pattern, this.#end);
        if (isOver) throw this.#timedOut(pattern, within);
        this.#makeRoom();
        await new Promise<void>((wake) => this.#wake = wake);
      }
    } finally {
      this.#isWaiting = false;
      this.#wake = undefined;
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Sends text as it is. */
  send(text: string): Promise<void> {
    return this.#stream.write(new TextEncoder().encode(text));
  }

  /** Sends text and a line end. */
  sendLine(text: string = ""): Promise<void> {
    return this.send(text + this.#lineEnd);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#resume?.();
    await this.#stream[Symbol.asyncDispose]();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let end: { cause?: unknown } = {};
    try {
      for (
        let chunk = await this.#stream.read();
        chunk !== null;
        chunk = await this.#stream.read()
      ) {
        this.#add(decoder.decode(chunk, { stream: true }));
        while (this.#pending.length > MAX_PENDING && !this.#isDisposed) {
          await new Promise<void>((resume) => this.#resume = resume);
        }
      }
      this.#add(decoder.decode());
    } catch (cause) {
      end = { cause };
    }
    this.#end = end;
    this.#wake?.();
  }

  #add(text: string): void {
    this.#pending += text;
    this.#transcript.add(text);
    this.#wake?.();
  }

  #take(match: RegExpExecArray): Expected {
    const before = this.#pending.slice(0, match.index);
    this.#keep(this.#pending.slice(match.index + match[0].length));
    return { before, match };
  }

  /** Gives up the older half of output that holds no match, when the rest cannot come for it. */
  #makeRoom(): void {
    if (this.#pending.length > MAX_PENDING) this.#keep(this.#pending.slice(-MAX_PENDING / 2));
  }

  #keep(rest: string): void {
    this.#pending = rest;
    if (rest.length <= MAX_PENDING) this.#resume?.();
  }

  #timedOut(pattern: string | RegExp, within: number): TimeoutError {
    return new TimeoutError(`no ${quote(pattern)} within ${within} ms; ${this.#lastSeen()}`);
  }

  #ended(pattern: string | RegExp, { cause }: { cause?: unknown }): ConnectionError {
    const how = cause instanceof Error ? `broke (${cause.message})` : "ended";
    return new ConnectionError(
      `the stream ${how} before ${quote(pattern)} came; ${this.#lastSeen()}`,
      { cause },
    );
  }

  #lastSeen(): string {
    const lines = this.lastLines(5);
    return lines.length === 0 ? "nothing was received" : `last seen:\n  ${lines.join("\n  ")}`;
  }
}

function quote(pattern: string | RegExp): string {
  return typeof pattern === "string" ? JSON.stringify(pattern) : String(pattern);
}

function finder(pattern: string | RegExp): (output: string) => RegExpExecArray | null {
  // Searching starts at the front each time: no state that "g" and "y" would keep.
  const expression = typeof pattern === "string"
    ? new RegExp(RegExp.escape(pattern))
    : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
  return (output) => expression.exec(output);
}
