import { connect, sessionEnvironment } from "@jumpstarter/lib/client";
import { UsageError } from "@jumpstarter/lib/errors";
import { cancellable, EXIT, explain, processIo } from "@jumpstarter/lib/program";
import { runLine } from "./run_line.ts";

/** Runs `j` in this process; the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await cancellable(EXIT.CANCELLED, (signal) => session(args, signal));
  } catch (error) {
    console.error(explain(error));
    return EXIT.FAILURE;
  }
}

async function session(args: readonly string[], signal: AbortSignal): Promise<number> {
  const there = await sessionEnvironment();
  if (there === undefined) {
    throw new UsageError("the j command must be used inside a jmp shell: JUMPSTARTER_HOST not set");
  }
  const { endpoint, channel, allowed } = there;
  await using board = await connect(endpoint, {}, { channel, signal });
  const io = processIo(AbortSignal.any([signal, board.connection.lost]));
  return await runLine(board.tree, args, { io, allowed });
}
