import type { LogFormat } from "@jumpstarter/lib/program";
import type { Log, LogFields } from "../scheduler/mod.ts";

/** What {@linkcode logWriter} takes. */
export interface LogWriterOptions {
  /** Writes a line to standard error. */
  readonly note: (line: string) => Promise<void>;
  /** JSON for programs, text for people, or what fits standard error. */
  readonly format: LogFormat;
  /** Less severe records are left out. */
  readonly level: string;
}

const SEVERITIES = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/** A log on standard error, one line a record. */
export function logWriter({ note, format, level }: LogWriterOptions): Log {
  const isJson = format === "json" || (format === "auto" && !Deno.stderr.isTerminal());
  const least = SEVERITIES.indexOf(level);
  return (severity, message, fields) => {
    if (SEVERITIES.indexOf(severity) < least) return;
    const time = new Date().toISOString();
    const line = isJson
      ? JSON.stringify({ time, severity, message, ...fields })
      : oneLine(`${time} ${severity} ${message}${textOf(fields)}`);
    note(line).catch(() => {}); // there is nowhere left to tell it
  };
}

/** Some of it comes from peers, who are not to forge lines or to steer a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function textOf(fields: LogFields): string {
  return Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`).join("");
}
