import { UsageError } from "../errors.ts";
import { type Endpoint, parseEndpoint } from "../rpc/endpoint.ts";
import { AllowList } from "./allow_list.ts";
import { type Board, BoardSession, type Shape, shaped } from "./board.ts";
import { SessionConnection } from "./connection.ts";
import { buildTree } from "./tree.ts";

/** Options of {@linkcode connect}. */
export interface ConnectOptions {
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
export function env<S extends Shape = Record<never, never>>(
  shape?: S,
  options: ConnectOptions = {},
): Promise<Board<S>> {
  const host = Deno.env.get("JUMPSTARTER_HOST");
  if (!host) {
    throw new UsageError(
      'no session: JUMPSTARTER_HOST is not set; run this inside "jmp shell", or open a board with local()',
    );
  }
  const allowed = AllowList.parse(Deno.env.get("JMP_DRIVERS_ALLOW"));
  return connect(parseEndpoint(host), shape, { allowed, ...options });
}

/** Opens the board at an endpoint; see {@linkcode env}. */
export async function connect<S extends Shape = Record<never, never>>(
  endpoint: Endpoint,
  shape?: S,
  options: ConnectOptions = {},
): Promise<Board<S>> {
  const { allowed = new AllowList(undefined), end, ...callOptions } = options;
  const connection = new SessionConnection(endpoint);
  try {
    const { reports, motd } = await connection.report(callOptions);
    const tree = buildTree(connection, reports);
    const session = new BoardSession(connection, tree, {
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
