import { UsageError } from "../errors.ts";
import type { ChannelOptions } from "../rpc/channel.ts";
import type { Endpoint } from "../rpc/endpoint.ts";
import { AllowList } from "./allow_list.ts";
import { type Board, BoardSession, type Shape, shaped } from "./board.ts";
import { SessionConnection } from "./connection.ts";
import { sessionEnvironment } from "./session_environment.ts";
import { buildTree } from "./tree.ts";

/** Options of {@linkcode connect}. */
export interface ConnectOptions {
  /** How the exporter is spoken to; in plaintext by default. */
  channel?: ChannelOptions;
  /** Driver clients that may be used; all by default. */
  allowed?: AllowList;
  /** Milliseconds for the exporter to answer; no limit by default, as a hook may come first. */
  timeout?: number;
  /** Gives the connecting up. */
  signal?: AbortSignal;
  /** Called when the session is disposed, after the connection is closed. */
  end?: () => Promise<void>;
}

/**
 * Opens the board of the `jmp shell` that this program runs in.
 *
 * The shape is checked once against what the exporter reports, and types everything after it.
 * Without a shape, `child()` gives generic clients.
 *
 * Fails with `UsageError` outside a shell, `ConnectionError` when the exporter is gone, `ShapeError`
 * when the board does not fit the shape.
 *
 * ```ts ignore
 * import { env } from "@jumpstarter/lib/client";
 * import { PowerClient } from "@jumpstarter/drivers/clients";
 *
 * await using board = await env({ power: PowerClient });
 * await board.power.cycle();
 * ```
 */
export async function env<S extends Shape = Record<never, never>>(
  shape?: S,
  options: ConnectOptions = {},
): Promise<Board<S>> {
  const session = await sessionEnvironment();
  if (session === undefined) {
    throw new UsageError(
      'no session: JUMPSTARTER_HOST is not set; run this inside "jmp shell", or open a board with ' +
        "local() or direct()",
    );
  }
  const { endpoint, ...entry } = session;
  return await connect(endpoint, shape, { ...entry, ...options });
}

/** Opens the board at an endpoint; see {@linkcode env}. */
export async function connect<S extends Shape = Record<never, never>>(
  endpoint: Endpoint,
  shape?: S,
  { channel, ...options }: ConnectOptions = {},
): Promise<Board<S>> {
  return await openBoard(new SessionConnection(endpoint, channel), shape, options);
}

/** Opens the board at the other end of a connection, which ends with the board, or without one. */
export async function openBoard<S extends Shape = Record<never, never>>(
  connection: SessionConnection,
  shape?: S,
  options: Omit<ConnectOptions, "channel"> = {},
): Promise<Board<S>> {
  const { allowed = new AllowList(undefined), end, ...callOptions } = options;
  try {
    const { reports, motd } = await connection.report(callOptions);
    const session = new BoardSession(connection, buildTree(connection, reports), {
      allowed,
      motd,
      ...(end === undefined ? {} : { end }),
    });
    return shaped(session, shape ?? {} as S);
  } catch (error) {
    connection[Symbol.dispose]();
    throw error;
  }
}
