import type { ClientNode } from "@jumpstarter/lib/driver";
import { JumpstarterError } from "@jumpstarter/lib/errors";
import { explain } from "@jumpstarter/lib/program";
import { NeedsTerminal, runJ, type RunOptions } from "./run.ts";

/** `j` reports wrong usage like any other failure, as its users know it. */
const FAILURE = 1;
const CANCELLED = 2;
/** Output that nobody reads any more ends a command as SIGPIPE would. */
const BROKEN_PIPE = 141;

/** `j --complete -- WORDS…` is for the scripts of `jmp completion`. */
const COMPLETE = "--complete";

/** Runs one command line of `j` and tells of its failure, but for `NeedsTerminal`; the exit status. */
export async function runLine(
  tree: ClientNode,
  args: readonly string[],
  options: RunOptions,
): Promise<number> {
  const { io } = options;
  try {
    const run = args[0] === COMPLETE ? await completion() : runJ;
    const status = await run(tree, args, options);
    return io.signal.aborted ? await ended(io) : status;
  } catch (error) {
    if (error instanceof NeedsTerminal) throw error;
    if (io.signal.aborted) return await ended(io);
    if (error instanceof Deno.errors.BrokenPipe) return BROKEN_PIPE;
    await io.note(explain(error));
    return FAILURE;
  }
}

/** A command that was ended from outside: by the user, or because what it needs is gone. */
async function ended({ signal, note }: RunOptions["io"]): Promise<number> {
  if (!(signal.reason instanceof JumpstarterError)) return CANCELLED;
  await note(explain(signal.reason));
  return FAILURE;
}

async function completion(): Promise<typeof runJ> {
  return (await import("../complete/tree.ts")).completeJ;
}
