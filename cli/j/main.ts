import { AllowList, connect } from "@jumpstarter/lib/client";
import { UsageError } from "@jumpstarter/lib/errors";
import { cancellable, EXIT, explain, processIo } from "@jumpstarter/lib/program";
import { parseEndpoint } from "@jumpstarter/lib/rpc";
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
  const host = Deno.env.get("JUMPSTARTER_HOST");
  if (!host) {
    throw new UsageError("the j command must be used inside a jmp shell: JUMPSTARTER_HOST not set");
  }
  await using board = await connect(parseEndpoint(host), {}, { signal });
  const allowed = AllowList.parse(Deno.env.get("JMP_DRIVERS_ALLOW"));
  const io = processIo(AbortSignal.any([signal, board.connection.lost]));
  return await runLine(board.tree, args, { io, allowed });
}
