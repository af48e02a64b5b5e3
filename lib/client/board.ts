import { type ClientClass, type ClientNode, DriverClient } from "../driver/client.ts";
import { JumpstarterError, UsageError } from "../errors.ts";
import type { LogRecord } from "../driver/log.ts";
import type { AllowList } from "./allow_list.ts";
import type { SessionConnection } from "./connection.ts";
import { logRecords } from "./logs.ts";
import { clientLabel } from "./tree.ts";

/** What a script expects of a board: a client class a child, or a shape for a group of them. */
export interface Shape {
  /** The client class of a child, or the shape of a group. */
  readonly [child: string]: ClientClass | Shape;
}

/** The clients that a shape asks for. */
export type ClientsOf<S> = {
  readonly [Child in keyof S]: S[Child] extends ClientClass<infer C> ? C
    : S[Child] extends Shape ? ClientsOf<S[Child]>
    : never;
};

/** An open board: the clients of the shape under their names, and the session around them. */
export type Board<S extends Shape = Record<never, never>> = BoardSession & ClientsOf<S>;

/** The board does not have what a script expects of it. */
export class ShapeError extends JumpstarterError {
  constructor(message: string) {
    super("shape", message);
  }
}

/** A session on an exporter: its tree of drivers, its log, and its end. */
export class BoardSession implements AsyncDisposable {
  /** The way to the exporter. */
  readonly connection: SessionConnection;
  /** The root of the tree; its children are the entries of `export:`. */
  readonly tree: ClientNode;
  /** Text for the people who use the board; may be empty. */
  readonly motd: string;
  #allowed: AllowList;
  #end: () => Promise<void>;

  constructor(
    connection: SessionConnection,
    tree: ClientNode,
    options: { allowed: AllowList; motd?: string; end?: () => Promise<void> },
  ) {
    this.connection = connection;
    this.tree = tree;
    this.motd = options.motd ?? "";
    this.#allowed = options.allowed;
    this.#end = options.end ?? (() => Promise.resolve());
  }

  /** A client for any child, named by its dotted path; `client` types it where that is known. */
  child(path: string): DriverClient;
  /** A client of the given class for any child, named by its dotted path. */
  child<C extends DriverClient>(path: string, client: ClientClass<C>): C;
  child(path: string, client: ClientClass = DriverClient): DriverClient {
    const node = path.split(".").reduce(childOf, this.tree);
    return this.#clientFor(node, path, client);
  }

  /** The exporter's log, from the start of the session on, until the loop is left. */
  logs(options: { signal?: AbortSignal } = {}): AsyncGenerator<LogRecord> {
    return logRecords(this.connection, options);
  }

  /** The clients that a shape asks for; fails with `ShapeError` when the board does not fit. */
  clients<S extends Shape>(shape: S): ClientsOf<S> {
    return this.#clients(this.tree, shape, "") as ClientsOf<S>;
  }

  #clients(parent: ClientNode, shape: Shape, prefix: string): Record<string, unknown> {
    const clients: Record<string, unknown> = {};
    for (const [name, expected] of Object.entries(shape)) {
      const path = `${prefix}${name}`;
      const node = childOf(parent, name);
      clients[name] = typeof expected === "function"
        ? this.#clientFor(node, path, expected)
        : this.#clients(node, expected as Shape, `${path}.`);
    }
    return clients;
  }

  #clientFor(node: ClientNode, path: string, client: ClientClass): DriverClient {
    const label = clientLabel(node);
    this.#allowed.check(path, label);
    if (client.labels.length > 0 && !client.labels.includes(label)) {
      throw new ShapeError(
        `"${path}" is a ${label} on this board, not a ${client.name} (${client.labels.join(", ")})`,
      );
    }
    return new client(node);
  }

  /** Cancels what is under way and leaves the session. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.connection[Symbol.dispose]();
    await this.#end();
  }
}

/** Puts the clients of a shape onto their session, under their names. */
export function shaped<S extends Shape>(session: BoardSession, shape: S): Board<S> {
  const taken = Object.keys(shape).find((name) => name in session);
  if (taken !== undefined) {
    throw new UsageError(
      `a shape cannot hold "${taken}": the session has a member of that name; use child("${taken}")`,
    );
  }
  return Object.assign(session, session.clients(shape));
}

function childOf(parent: ClientNode, name: string): ClientNode {
  const child = parent.children.get(name);
  if (child !== undefined) return child;
  const there = [...parent.children].map(([key, node]) => `${key} (${clientLabel(node)})`);
  const where = parent.name === "" ? "the board" : `"${parent.name}"`;
  throw new ShapeError(
    `${where} has no "${name}"; it has ${there.length === 0 ? "no children" : there.join(", ")}`,
  );
}
