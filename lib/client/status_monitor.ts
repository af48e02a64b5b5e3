import type { ExporterStatus } from "@jumpstarter/proto";
import { ConnectionError, TimeoutError } from "../errors.ts";
import type { RpcOptions } from "../rpc/channel.ts";
import { RpcError } from "../rpc/status.ts";
import { type ExporterState, statusWord } from "./exporter_state.ts";
import { afterPoll, type Answer, type Findings, NOTHING_FOUND, pollDelay } from "./polling.ts";

/** Milliseconds that a poll may take. */
const POLL_TIME = 5_000;

/** What a {@linkcode StatusMonitor} watches. */
export interface StatusSource {
  /** Asks for the state; fails with `RpcError`. */
  askState(options: RpcOptions): Promise<ExporterState>;
  /** Ends when the connection is lost, with the error as its reason. */
  readonly lost: AbortSignal;
}

/** Options of {@linkcode StatusMonitor.waitForAny}. */
export interface WaitOptions {
  /** Milliseconds to wait; no limit by default. */
  timeout?: number;
  /** Gives the waiting up. */
  signal?: AbortSignal;
}

/** Follows where an exporter stands, by asking again and again until it is disposed. */
export class StatusMonitor implements Disposable {
  #source: StatusSource;
  #onChange: (state: ExporterState) => void;
  #findings: Findings = NOTHING_FOUND;
  #isCalm = false;
  #looks = new Set<() => void>();
  #wake: (() => void) | undefined;
  #closing = new AbortController();
  #lost = new AbortController();

  /** `onChange` is told of the first state, and of every one with another status or message. */
  constructor(source: StatusSource, onChange: (state: ExporterState) => void = () => {}) {
    this.#source = source;
    this.#onChange = onChange;
    source.lost.addEventListener("abort", this.#onLost);
    if (source.lost.aborted) this.#onLost();
    void this.#poll();
  }

  /** The latest state; nothing before the first answer. */
  get state(): ExporterState | undefined {
    return this.#findings.state;
  }

  /** Ends when the exporter cannot be reached any more; the reason is the error that says so. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** While it is calm, a session that is ready is asked less often. */
  set isCalm(isCalm: boolean) {
    this.#isCalm = isCalm;
  }

  /** Asks at once, for whoever has heard that something has changed. */
  refresh(): void {
    this.#wake?.();
  }

  /**
   * The first state with one of the statuses, from now on. Fails with `TimeoutError`, with the
   * signal's reason, or with `ConnectionError` when the exporter is lost.
   */
  async waitForAny(
    statuses: readonly ExporterStatus[],
    { timeout, signal }: WaitOptions = {},
  ): Promise<ExporterState> {
    const found = Promise.withResolvers<ExporterState>();
    const look = () => {
      const { state } = this;
      if (state !== undefined && statuses.includes(state.status)) found.resolve(state);
      else if (this.lost.aborted) found.reject(this.lost.reason);
      else if (signal?.aborted) found.reject(signal.reason);
    };
    const timer = timeout === undefined
      ? undefined
      : setTimeout(() => found.reject(this.#tooLate(statuses, timeout)), timeout);
    signal?.addEventListener("abort", look);
    this.#looks.add(look);
    try {
      look();
      this.refresh();
      return await found.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", look);
      this.#looks.delete(look);
    }
  }

  [Symbol.dispose](): void {
    this.#source.lost.removeEventListener("abort", this.#onLost);
    this.#closing.abort();
    this.#lose(new ConnectionError("the session is closed"));
    this.#wake?.();
  }

  async #poll(): Promise<void> {
    while (!this.#closing.signal.aborted && !this.lost.aborted) {
      const answer = await this.#ask();
      if (this.#closing.signal.aborted) break;
      this.#take(answer);
      const isAwaited = this.#looks.size > 0;
      const delay = pollDelay(this.#findings, { isAwaited, isCalm: this.#isCalm });
      if (delay === undefined) break;
      await this.#pause(delay);
    }
  }

  async #ask(): Promise<Answer> {
    try {
      const options = { timeout: POLL_TIME, signal: this.#closing.signal };
      return { kind: "state", state: await this.#source.askState(options) };
    } catch (error) {
      if (!(error instanceof RpcError)) this.#lose(error);
      return { kind: "failure", status: error instanceof RpcError ? error.status : "UNKNOWN" };
    }
  }

  #take(answer: Answer): void {
    const before = this.state;
    this.#findings = afterPoll(this.#findings, answer);
    const { state, end } = this.#findings;
    if (end === "gone") this.#lose(new ConnectionError("the exporter does not answer any more"));
    if (end === "refused") this.#lose(new ConnectionError("the exporter lets us in no more"));
    const isChanged = state?.status !== before?.status || state?.message !== before?.message;
    if (state !== undefined && isChanged) this.#onChange(state);
    for (const look of this.#looks) look();
  }

  #onLost = () => this.#lose(this.#source.lost.reason);

  #lose(reason: unknown): void {
    this.#lost.abort(reason);
    for (const look of this.#looks) look();
    this.#wake?.();
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }

  #tooLate(statuses: readonly ExporterStatus[], timeout: number): TimeoutError {
    const { status, message } = this.state ?? { status: 0, message: "" };
    const now = message === "" ? statusWord(status) : `${statusWord(status)}: ${message}`;
    const awaited = statuses.map(statusWord).join(" or ");
    return new TimeoutError(
      `the exporter is not ${awaited} within ${timeout / 1000} s; it is ${now}`,
    );
  }
}
