import type { CommandIo } from "@jumpstarter/lib/commands";
import type { ClientNode } from "@jumpstarter/lib/driver";
import type { SocketDir } from "@jumpstarter/lib/rpc";
import { WarmServer } from "../warm/server.ts";
import { runChild } from "./child.ts";
import { childEnvironment, type Variables } from "./environment.ts";
import { installLauncher } from "./launcher.ts";
import { interactiveShell } from "./prompt.ts";

/** An open board, however it was opened, for a shell to run on. */
export interface ShellBoard extends AsyncDisposable {
  /** Its drivers. */
  readonly tree: ClientNode;
  /** What it is called. */
  readonly name: string;
  /** Text for whoever opens an interactive shell; may be empty. */
  readonly motd: string;
  /** Stands in the prompt. */
  readonly context: string;
  /** A folder for what the shell needs. */
  readonly dir: SocketDir;
  /** The session's endpoint: the value of `JUMPSTARTER_HOST`. */
  readonly host: string;
  /** What the child's environment has beside it. */
  readonly variables: Variables;
  /** Ends when the board is lost, with the error that says so as its reason. */
  readonly gone?: AbortSignal;
  /** Has all shown that the exporter has said so far. */
  readonly settled?: () => Promise<void>;
}

/** Runs a command on a board, or an interactive shell; its exit status. */
export async function runBoardShell(
  board: ShellBoard,
  command: readonly string[],
  io: CommandIo,
): Promise<number> {
  const { dir, host, gone, variables } = board;
  const warm = dir.file("j");
  await using _warmServer = new WarmServer(warm, board.tree);
  const bin = await installLauncher(dir, { warm, session: host });
  const env = childEnvironment({ host, bin, variables });
  const options = { env, signal: io.signal, gone };
  const status = command.length > 0
    ? await runChild(command, options)
    : await runInteractive(board, options, io);
  const isCutShort = gone?.aborted ?? false;
  await board.settled?.();
  if (isCutShort && !io.signal.aborted) throw gone!.reason;
  return status;
}

async function runInteractive(
  board: ShellBoard,
  options: Parameters<typeof runChild>[1],
  io: CommandIo,
): Promise<number> {
  await io.print(greeting(board));
  const { argv, env } = await interactiveShell(board.context, board.dir.path);
  return await runChild(argv, { ...options, env: { ...options.env, ...env }, isShell: true });
}

function greeting({ name, motd, tree }: ShellBoard): string {
  const hint = "(j with no argument shows the tree)";
  const line = `${name} · ${[...tree.children.keys()].join(", ")}        ${hint}`;
  return motd ? `${motd.trimEnd()}\n${line}` : line;
}
