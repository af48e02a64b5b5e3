/** Severities as the wire spells them: the level names of the Python peer. */
export type Severity = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** The severities, the least severe first. */
export const SEVERITIES: readonly Severity[] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/** Where a record comes from. */
export type LogSource = "driver" | "beforeLease" | "afterLease" | "system";

/** One line of the exporter's log, as its own log and its clients see it. */
export interface LogRecord {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** How grave it is. */
  readonly severity: Severity;
  /** What happened. */
  readonly message: string;
  /** Where it comes from. */
  readonly source: LogSource;
  /** What wrote the record, for example `driver.MockPower`. */
  readonly logger: string;
  /** `power`, `storage`, … for a driver's record. */
  readonly driverType?: string;
  /** The driver method that was running. */
  readonly operation?: string;
  /** More facts, by name. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** Where records go. */
export interface LogSink {
  /** Takes a record, without keeping its writer waiting. */
  (record: LogRecord): void;
  /** Whether it wants `DEBUG` records of whoever has no level of its own. */
  readonly wantsDebug?: boolean;
}

/** What {@linkcode Logger} adds to every record. */
export interface LoggerOptions {
  /** What writes the records. */
  name: string;
  /** Where they come from. */
  source: LogSource;
  /** Where they go. */
  sink: LogSink;
  /** The driver's kind of device. */
  driverType?: string;
  /** Records below this are dropped; default `INFO`, or `DEBUG` where the sink wants that. */
  level?: Severity;
}

/** Additions to one record. */
export interface RecordOptions {
  /** The driver method that is running. */
  operation?: string;
  /** More facts, by name. */
  fields?: Record<string, string>;
}

/** Writes records of one origin. */
export class Logger {
  #options: LoggerOptions;
  #threshold: number;

  constructor(options: LoggerOptions) {
    this.#options = options;
    const byDefault = options.sink.wantsDebug ? "DEBUG" : "INFO";
    this.#threshold = SEVERITIES.indexOf(options.level ?? byDefault);
  }

  /** Detail for whoever develops the driver; dropped unless its `log_level` is DEBUG. */
  debug(message: string, options?: RecordOptions): void {
    this.#write("DEBUG", message, options);
  }

  /** What happens, in the normal course of things. */
  info(message: string, options?: RecordOptions): void {
    this.#write("INFO", message, options);
  }

  /** Something unexpected that the work survives. */
  warning(message: string, options?: RecordOptions): void {
    this.#write("WARNING", message, options);
  }

  /** Something that failed. */
  error(message: string, options?: RecordOptions): void {
    this.#write("ERROR", message, options);
  }

  #write(severity: Severity, message: string, options: RecordOptions = {}): void {
    if (SEVERITIES.indexOf(severity) < this.#threshold) return;
    const { name, source, sink, driverType } = this.#options;
    sink({
      time: Date.now(),
      severity,
      message,
      source,
      logger: name,
      ...(driverType === undefined ? {} : { driverType }),
      ...options,
    });
  }
}
