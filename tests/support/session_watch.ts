import { ExporterService, ExporterStatus, LogSource } from "@jumpstarter/proto";
import { type Channel, RpcError } from "@jumpstarter/lib/rpc";
import { within } from "./running.ts";

/** Milliseconds between two looks: shorter than any status lasts that clients are to see. */
const INTERVAL = 20;
/** Milliseconds that an awaited line may take. */
const DEADLINE = 20_000;

/** A value's name in one of the protocol's tables. */
function nameIn(table: Readonly<Record<string, number>>, value: number | undefined): string {
  return Object.keys(table).find((name) => table[name] === value) ?? String(value);
}

/**
 * The statuses that a client sees which polls until the exporter is gone, each once:
 * `1 LEASE_READY Ready for commands`, the version first.
 */
export async function seenStatuses(
  channel: Channel,
  onSeen = (_: string) => {},
): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    try {
      const { statusVersion, status, message } = await channel.unary(
        ExporterService.getStatus,
        {},
        { timeout: 5_000 },
      );
      const text = `${statusVersion} ${nameIn(ExporterStatus, status)} ${message}`;
      if (seen.at(-1) !== text) {
        seen.push(text);
        onSeen(text);
      }
    } catch (error) {
      if (error instanceof RpcError && seen.length > 0) return seen;
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}

/** A client's reader of a session's log, in its own time. */
export class LogReader implements AsyncDisposable {
  /** `SOURCE SEVERITY message`, in the order in which they came. */
  readonly lines: string[] = [];
  /** The structured fields of every record. */
  readonly fields: Readonly<Record<string, string>>[] = [];
  #stop = new AbortController();
  #looks = new Set<() => void>();
  #reading: Promise<void>;

  constructor(channel: Channel) {
    this.#reading = this.#read(channel);
  }

  /** Resolves to the line once one matches; fails after a time. */
  async shown(pattern: RegExp): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    const look = () => {
      const line = this.lines.find((line) => pattern.test(line));
      if (line !== undefined) resolve(line);
    };
    this.#looks.add(look);
    look();
    return await within(DEADLINE, promise).catch((cause) => {
      throw new Error(`${pattern} is not in the log: ${this.lines.join("\n")}`, { cause });
    });
  }

  /** Resolves once the exporter has ended the log. */
  get ended(): Promise<void> {
    return this.#reading;
  }

  async #read(channel: Channel): Promise<void> {
    try {
      const { signal } = this.#stop;
      for await (const record of channel.serverStream(ExporterService.logStream, {}, { signal })) {
        const { source, severity, message, structuredFields } = record;
        this.lines.push(`${nameIn(LogSource, source)} ${severity} ${message}`);
        this.fields.push(structuredFields);
        for (const look of this.#looks) look();
      }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }
}
