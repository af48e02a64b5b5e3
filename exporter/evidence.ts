import type { Expect } from "@jumpstarter/lib/adapters";
import type { Board, BoardSession, ClientsOf, Shape } from "@jumpstarter/lib/client";
import { DriverClient, type LogRecord } from "@jumpstarter/lib/driver";
import { textLine } from "./log/text_line.ts";

/** Lines of the log, and of each console, that a failure shows. */
const LINES = 20;
/** Milliseconds that an exporter has to send the rest of its log. */
const SETTLE = 1_000;

/** A client that opens consoles. */
type Console = DriverClient & { expect: (...args: unknown[]) => Promise<Expect> };

/** What a test leaves behind for whoever must find out why it failed. */
export class Evidence {
  #records: LogRecord[] = [];
  #consoles: { path: string; console: Expect }[] = [];

  /** Takes a record of the exporter's log. */
  readonly sink = (record: LogRecord): void => {
    this.#records.push(record);
    if (this.#records.length > LINES) this.#records.shift();
  };

  /** Takes the log of a board in another process, until it is disposed. */
  follow(board: BoardSession): AsyncDisposable {
    const aborter = new AbortController();
    const reading = (async () => {
      for await (const record of board.logs({ signal: aborter.signal })) this.sink(record);
    })().catch(() => {}); // the session is gone: the test's own failure tells
    return {
      [Symbol.asyncDispose]: () => {
        aborter.abort();
        return reading;
      },
    };
  }

  /** Waits until the log of a board in another process has come up to here. */
  async settle(board: BoardSession): Promise<void> {
    // The log is on the same connection, ahead of the answer to this call.
    await board.connection.report({ timeout: SETTLE }).catch(() => {}); // nothing more to come
  }

  /** Keeps the transcripts of the consoles that `expect()` of the board's clients opens. */
  watch<S extends Shape>(board: Board<S>, shape: S): void {
    this.#watchAll(board, shape, "");
    const child = board.child.bind(board) as (path: string, client?: never) => DriverClient;
    board.child = (path: string, client?: unknown) =>
      this.#watch(child(path, client as never), path) as never;
  }

  #watchAll(clients: ClientsOf<Shape>, shape: Shape, prefix: string): void {
    for (const [name, expected] of Object.entries(shape)) {
      const client: unknown = clients[name];
      const path = `${prefix}${name}`;
      if (client instanceof DriverClient) this.#watch(client, path);
      else this.#watchAll(client as ClientsOf<Shape>, expected as Shape, `${path}.`);
    }
  }

  #watch(client: DriverClient, path: string): DriverClient {
    const { expect } = client as Partial<Console>;
    if (typeof expect !== "function") return client;
    (client as Console).expect = async (...args) => {
      const console = await expect.apply(client, args);
      this.#consoles.push({ path, console });
      return console;
    };
    return client;
  }

  /** Adds what is known to the message of an error. */
  addTo(error: unknown): Error {
    const about = this.#text();
    if (!(error instanceof Error)) return new Error(`${error}${about}`, { cause: error });
    const message = `${error.message}${about}`;
    // The same object, as its class and stack matter; DOMException has a message for reading only.
    if (Reflect.set(error, "message", message)) return error;
    return new Error(message, { cause: error });
  }

  #text(): string {
    const log = this.#records.map((record) => textLine(record));
    return [
      log.length === 0 ? "" : section("the exporter's log", log),
      ...this.#consoles.map(({ path, console }) =>
        section(`console "${path}"`, console.lastLines(LINES))
      ),
    ].join("");
  }
}

function section(title: string, lines: readonly string[]): string {
  const text = lines.length === 0 ? ["(nothing was received)"] : lines;
  return `\n\n${title}, last lines:\n  ${text.join("\n  ")}`;
}
