import type { ExporterStatus } from "@jumpstarter/proto";
import { type DriverHost, Logger, type LogSink } from "@jumpstarter/lib/driver";
import { LogHub } from "./log/log_hub.ts";
import { ResourceTable } from "./resources.ts";
import { FRESH, type SessionStatus, updated } from "./status.ts";
import type { DeviceTree } from "./tree.ts";

/** What a session tells about its exporter. */
export interface SessionOptions {
  /** Labels of the exporter; none in local mode. */
  labels?: Readonly<Record<string, string>>;
  /** Shown to people who open an interactive shell. */
  motd?: string;
  /** Also takes every log record, for the exporter's own log. */
  log?: LogSink;
  /** Gives the start up: a driver may take long to reset its device. */
  signal?: AbortSignal;
}

/** What ends a session before it has served: building the tree, or a driver's reset. */
export type TreeBuilder = (host: DriverHost) => Promise<DeviceTree>;

/** One session of an exporter: a fresh tree of drivers with status and log. */
export class Session implements AsyncDisposable {
  /** Names the exporter in reports. */
  readonly uuid: string = crypto.randomUUID();
  /** Labels of the exporter. */
  readonly labels: Readonly<Record<string, string>>;
  /** The drivers. */
  readonly tree: DeviceTree;
  /** The log, for any number of readers. */
  readonly logs: LogHub;
  /** The streams that clients offer beside their calls. */
  readonly resources: ResourceTable;
  /** Takes records of whoever works for the session. */
  readonly sink: LogSink;
  /** Writes the session's own records. */
  readonly log: Logger;
  #status: SessionStatus = FRESH;
  #motd: string;

  private constructor(tree: DeviceTree, logs: LogHub, resources: ResourceTable, sink: LogSink, {
    labels = {},
    motd = "",
  }: SessionOptions) {
    this.tree = tree;
    this.logs = logs;
    this.resources = resources;
    this.labels = labels;
    this.sink = sink;
    this.#motd = motd;
    this.log = new Logger({ name: "exporter.session", source: "system", sink });
  }

  /** Builds and resets the tree. When that fails, what was built is closed again. */
  static async open(build: TreeBuilder, options: SessionOptions = {}): Promise<Session> {
    const logs = new LogHub();
    const resources = new ResourceTable();
    const record: LogSink = (given) => {
      logs.sink(given);
      options.log?.(given);
    };
    const sink = Object.assign(record, { wantsDebug: options.log?.wantsDebug ?? false });
    const tree = await build({
      log: sink,
      openResource: async (driver, handle) => await resources.take(driver, handle),
    });
    try {
      await tree.reset(options.signal);
    } catch (error) {
      await tree[Symbol.asyncDispose]();
      throw error;
    }
    return new Session(tree, logs, resources, sink, options);
  }

  /** Where the session stands. */
  get status(): SessionStatus {
    return this.#status;
  }

  /** Moves to a status; clients see it with their next GetStatus. */
  setStatus(status: ExporterStatus, message?: string): void {
    this.#status = updated(this.#status, status, message);
  }

  /** Shown to people who open an interactive shell; may be empty. */
  get motd(): string {
    return this.#motd;
  }

  /** Adds a paragraph to it; nothing for an empty one. */
  addMotd(text: string): void {
    this.#motd = [this.#motd, text].filter((part) => part !== "").join("\n");
  }

  /** Closes the drivers. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.tree[Symbol.asyncDispose]();
  }
}
