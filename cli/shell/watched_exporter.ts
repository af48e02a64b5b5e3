import {
  awaitReady,
  type ExporterState,
  failureOf,
  logRecords,
  onOneLine,
  type SessionConnection,
  StatusMonitor,
  statusWord,
  warningOf,
} from "@jumpstarter/lib/client";
import type { CommandIo } from "@jumpstarter/lib/commands";
import type { ExporterLog } from "@jumpstarter/exporter";
import { formatEndpoint } from "@jumpstarter/lib/rpc";
import { LogView } from "./log_view.ts";
import { type WaitLine, waitLine } from "./wait_line.ts";

/** Milliseconds without a word that mean that an exporter has said what it had to say before. */
const QUIET_AT_START = 40;
/** The same where nobody is in a hurry: peers look for records every 50 ms. */
const QUIET_AT_END = 150;

/** An exporter elsewhere, its log and its status shown while it gets ready and while it is used. */
export class WatchedExporter implements AsyncDisposable {
  #io: CommandIo;
  #showsAll: boolean;
  #line: WaitLine;
  #sink: ExporterLog;
  #monitor: StatusMonitor;
  #log: LogView;
  #gone = new AbortController();
  #isReady = false;

  /** `openLog` opens a log on standard error. */
  constructor(
    connection: SessionConnection,
    { io, showsAll, openLog }: {
      io: CommandIo;
      showsAll: boolean;
      openLog: (io: Pick<CommandIo, "note">) => ExporterLog;
    },
  ) {
    const where = formatEndpoint(connection.endpoint);
    this.#io = io;
    this.#showsAll = showsAll;
    this.#line = waitLine(io.note);
    this.#sink = openLog(this.#line);
    this.#monitor = new StatusMonitor(connection, (state) => this.#take(state, where));
    const { lost } = this.#monitor;
    lost.addEventListener("abort", () => this.#gone.abort(lost.reason), { once: true });
    this.#log = new LogView((signal) => logRecords(connection, { signal }), {
      sink: this.#sink,
      showsAll,
      onHook: () => this.#monitor.refresh(),
    });
  }

  /** Waits until the board is ready; fails when it will not be, after its hook's output is shown. */
  async ready(): Promise<void> {
    try {
      const warning = await awaitReady(this.#monitor, { signal: this.#io.signal });
      await this.#settled(QUIET_AT_START);
      this.#line[Symbol.dispose]();
      await this.#warn(warning);
      this.#isReady = true;
      // What has changed meanwhile, nobody was told of.
      const failure = failureOf(this.#monitor.state!);
      if (failure !== undefined) throw failure;
      this.#monitor.isCalm = true;
    } catch (error) {
      await this.#settled(QUIET_AT_END);
      throw error;
    }
  }

  /** Ends when the exporter goes offline or is lost, with the error that says so as its reason. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Has all shown that it has said so far. */
  async settled(): Promise<void> {
    await this.#settled(this.#showsAll || this.gone.aborted ? QUIET_AT_END : 0);
  }

  #take(state: ExporterState, where: string): void {
    const { status, message } = state;
    const word = statusWord(status);
    const failure = failureOf(state);
    if (!this.#isReady) {
      if (word !== "LEASE_READY" && failure === undefined) {
        this.#line.show(`waiting for ${where}: ${onOneLine(message) || word}`);
      }
      return;
    }
    this.#warn(warningOf(state)).catch(() => {}); // nobody reads it any more
    if (failure !== undefined) this.#gone.abort(failure);
  }

  async #warn(warning: string | undefined): Promise<void> {
    if (warning !== undefined) await this.#io.note(`Warning: ${warning}`);
  }

  async #settled(quiet: number): Promise<void> {
    await this.#log.settled(quiet);
    await this.#sink.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#monitor[Symbol.dispose]();
    await this.#log[Symbol.asyncDispose]();
    await this.#sink[Symbol.asyncDispose]();
    this.#line[Symbol.dispose]();
  }
}
