import type { CommandIo } from "@jumpstarter/lib/commands";
import { type LogSink, SEVERITIES, type Severity } from "@jumpstarter/lib/driver";
import type { LogFormat } from "@jumpstarter/lib/program";
import { boundedRecord } from "./bounded_record.ts";
import { jsonLine, type LogContext } from "./json_line.ts";
import { ownNamespace } from "./namespace.ts";
import { RecordWriter } from "./record_writer.ts";
import { textLine } from "./text_line.ts";

/** Milliseconds that the end of the log may take to be written. */
const FLUSH_TIMEOUT = 500;

/** Options of {@linkcode exporterLog}. */
export interface ExporterLogOptions {
  /** Where it is written. */
  readonly io: Pick<CommandIo, "note">;
  /** Default `auto`: JSON, unless standard error is a terminal. */
  readonly format?: LogFormat;
  /** Less severe records are left out, from `WARNING` on; see {@linkcode exporterLog}. */
  readonly level?: Severity;
  /** Stands in every line of JSON. It is looked at anew for each, so that its owner may change it. */
  readonly context?: LogContext;
  /** Whether people read it; default whether standard error is a terminal. */
  readonly isTerminal?: boolean;
}

/** The exporter's own log: takes records, and never keeps anybody waiting. */
export interface ExporterLog extends LogSink, AsyncDisposable {
  /** Settles when all is written, at the latest after half a second. */
  flush(): Promise<void>;
}

/**
 * Opens the exporter's own log, on standard error. Dispose it to have the end of it written.
 *
 * A DEBUG record is there only because somebody asked for it, with `--log-level` or the `log_level` of
 * one driver: below WARNING the log leaves nothing out.
 */
export function exporterLog(options: ExporterLogOptions): ExporterLog {
  const { io, format = "auto", level = "INFO", context = {} } = options;
  const isTerminal = options.isTerminal ?? Deno.stderr.isTerminal();
  const isJson = format === "json" || (format === "auto" && !isTerminal);
  const isColoured = isTerminal && !Deno.noColor && Deno.env.get("TERM") !== "dumb";
  const namespace = ownNamespace();
  const writer = new RecordWriter({
    line: isJson
      ? (record) => jsonLine(record, { namespace, ...context })
      : (record) => textLine(record, { isColoured }),
    write: (lines) => io.note(lines),
  });
  const least = SEVERITIES.indexOf(level);
  const takesAll = least <= SEVERITIES.indexOf("INFO");
  const sink: LogSink = (record) => {
    if (takesAll || SEVERITIES.indexOf(record.severity) >= least) {
      writer.push(boundedRecord(record));
    }
  };
  const flush = () => writer.flush(FLUSH_TIMEOUT);
  return Object.assign(sink, {
    wantsDebug: level === "DEBUG",
    flush,
    [Symbol.asyncDispose]: flush,
  });
}
