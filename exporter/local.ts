import { fileURLToPath } from "node:url";
import { ExporterStatus } from "@jumpstarter/proto";
import { type Board, connect, type Shape } from "@jumpstarter/lib/client";
import { SocketDir } from "@jumpstarter/lib/rpc";
import { buildTree } from "./build.ts";
import type { TreePlan } from "./tree_plan.ts";
import { Session, type SessionOptions } from "./session.ts";
import { SessionServer } from "./session_server.ts";

/** A session on this machine, with one socket for clients and one for hooks. */
export interface LocalSession extends AsyncDisposable {
  /** The session that is served. */
  readonly session: Session;
  /** The folder that holds the sockets. */
  readonly dir: SocketDir;
  /** Path of the clients' socket: the value of `JUMPSTARTER_HOST`. */
  readonly socket: string;
  /** Path of the hooks' socket. */
  readonly hookSocket: string;
}

/** Starts an exporter's session on this machine and has it ready for calls. */
export async function serveLocal(
  plan: TreePlan,
  options: SessionOptions & { socket?: string } = {},
): Promise<LocalSession> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await SocketDir.make());
  const session = stack.use(await Session.open((host) => buildTree(plan, host), options));
  const socket = options.socket ?? dir.file("socket");
  const hookSocket = dir.file("hook");
  const server = stack.use(new SessionServer(session));
  for (const path of [socket, hookSocket]) {
    await server.listen({ kind: "unix", path });
    // The folder keeps others out, but a socket may be asked for elsewhere.
    await Deno.chmod(path, 0o600);
  }
  session.setStatus(ExporterStatus.LEASE_READY);
  const held = stack.move();
  return {
    session,
    dir,
    socket,
    hookSocket,
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/**
 * Starts the exporter of a file on this machine and opens its board; disposing the board ends both.
 *
 * ```ts ignore
 * import { local } from "@jumpstarter/exporter";
 * import { PowerClient } from "@jumpstarter/drivers/clients";
 *
 * await using board = await local("board.yaml", { power: PowerClient });
 * await board.power.on();
 * ```
 */
export async function local<S extends Shape = Record<never, never>>(
  file: string | URL,
  shape?: S,
  options: SessionOptions = {},
): Promise<Board<S>> {
  const { loadExporterFile } = await import("@jumpstarter/lib/config");
  const exporter = await loadExporterFile(file instanceof URL ? fileURLToPath(file) : file);
  const { motd } = exporter;
  return await openLocal(exporter, shape, { ...(motd === undefined ? {} : { motd }), ...options });
}

/** Serves a plan on this machine and opens its board; disposing the board ends both. */
export async function openLocal<S extends Shape>(
  plan: TreePlan,
  shape: S | undefined,
  options: SessionOptions,
): Promise<Board<S>> {
  const served = await serveLocal(plan, options);
  const end = async () => await served[Symbol.asyncDispose]();
  try {
    return await connect({ kind: "unix", path: served.socket }, shape, { end });
  } catch (error) {
    await end();
    throw error;
  }
}
