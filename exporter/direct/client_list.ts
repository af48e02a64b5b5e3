import type { LogRecord } from "@jumpstarter/lib/driver";

/** A client that reads the session's log: every shell does, for as long as it is open. */
interface Present {
  readonly who: string;
  readonly since: number;
}

/** The clients of a session, in the order in which they came. */
export class ClientList {
  #present = new Set<Present>();

  /** Adds a client, until it is disposed. */
  enter(who: string): Disposable {
    const client = { who, since: Date.now() };
    this.#present.add(client);
    return { [Symbol.dispose]: () => void this.#present.delete(client) };
  }

  /** What a client that comes now is to know of the others. */
  notice(): LogRecord | undefined {
    if (this.#present.size === 0) return undefined;
    const others = [...this.#present].map(({ who, since }) => `${who} since ${timeOf(since)}`);
    return {
      time: Date.now(),
      severity: "WARNING",
      message: `this exporter is in use as well by ${others.join(", ")}`,
      source: "system",
      logger: "exporter.clients",
      fields: { notice: "clients" },
    };
  }
}

function timeOf(time: number): string {
  return new Date(time).toTimeString().slice(0, 8);
}
