import type { ByteStream } from "../streams/byte_stream.ts";
import { Logger, type LogSink, type Severity } from "./log.ts";
import type { ResourceHandle } from "./resource.ts";
import type { OutputOf, Schema } from "./schema.ts";

/** What a driver needs from the session it runs in. */
export interface DriverHost {
  /** Takes the driver's log records. */
  readonly log: LogSink;
  /** Opens the bulk data that a client's argument names, for the given driver. */
  openResource(driver: Driver, handle: ResourceHandle): Promise<ByteStream>;
}

/** What a driver is made from: its place in the tree, its settings, its children. */
export interface DriverContext<Config = unknown> {
  /** The key under which the parent holds the driver; empty for the root. */
  readonly name: string;
  /** The `config` of the exporter file, checked by the class's schema. */
  readonly config: Config;
  /** Drivers below this one, by name. */
  readonly children: ReadonlyMap<string, Driver>;
  /** The session that the driver runs in. */
  readonly host: DriverHost;
  /** Fixed by the file; random by default. */
  readonly uuid?: string;
  /** Labels of the file, for the report. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Records below this are dropped; by default those below what the exporter's log shows. */
  readonly logLevel?: Severity;
  /** What the driver is, for help. */
  readonly description?: string;
  /** Help texts by command name. */
  readonly methodsDescription?: Readonly<Record<string, string>>;
}

/** A driver class, as the exporter builds it from a file. */
export interface DriverClass {
  /** The label that tells clients which client class fits. */
  readonly client: string;
  /** Checks `config` before the constructor runs. Without it, `config` must be empty. */
  readonly config?: Schema;
  new (context: DriverContext<never>): Driver;
}

/**
 * The base of every driver: what runs beside the device and is called by clients. Subclasses name
 * their client, describe their settings, and export methods; the session does the rest.
 *
 * Life: constructed when a session starts, children before parents; `reset()` once before the
 * session serves; disposed when it ends, parents before children. State never outlives a session.
 */
export abstract class Driver<Config = unknown> implements AsyncDisposable {
  /** The label that tells clients which client class fits. */
  static readonly client: string;
  /** The kind of device, for logs: `power`, `serial`, `storage`, `network`, … */
  static readonly driverType: string = "other";
  /** Checks `config` before the constructor runs. Without it, `config` must be empty. */
  static readonly config?: Schema;

  /** Names the driver in calls. */
  readonly uuid: string;
  /** The key under which the parent holds the driver. */
  readonly name: string;
  /** The settings of the file, checked. */
  readonly config: OutputOf<Config>;
  /** Drivers below this one. A child given by `ref` is there from `reset()` on. */
  readonly children: ReadonlyMap<string, Driver>;
  /** What the driver is, for help. */
  readonly description: string | undefined;
  /** Help texts by command name. */
  readonly methodsDescription: Readonly<Record<string, string>>;
  /** Reaches the exporter's own log and the client. */
  readonly log: Logger;
  #context: DriverContext<OutputOf<Config>>;

  constructor(context: DriverContext<OutputOf<Config>>) {
    this.#context = context;
    this.uuid = context.uuid ?? crypto.randomUUID();
    this.name = context.name;
    this.config = context.config;
    this.children = context.children;
    this.description = context.description;
    this.methodsDescription = context.methodsDescription ?? {};
    const driverClass = this.constructor as typeof Driver;
    this.log = new Logger({
      name: `driver.${driverClass.name}`,
      source: "driver",
      sink: context.host.log,
      driverType: driverClass.driverType,
      ...(context.logLevel === undefined ? {} : { level: context.logLevel }),
    });
  }

  /** Labels for the report: those of the file; a subclass may add its own. */
  get labels(): Readonly<Record<string, string>> {
    return this.#context.labels ?? {};
  }

  /**
   * Opens the bulk data that an argument of a call names. It can be opened once. Who writes ends it
   * with `closeWrite()`: an upload that is disposed without is given up.
   */
  protected resource(handle: ResourceHandle): Promise<ByteStream> {
    return this.#context.host.openResource(this, handle);
  }

  /** The context for a child driver that this driver makes itself. */
  protected childContext<C>(name: string, config: C): DriverContext<C> {
    return { name, config, children: new Map(), host: this.#context.host };
  }

  /** Brings the device into the state in which a session finds it. */
  reset(): Promise<void> | void {}

  /** Frees what the driver holds. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
