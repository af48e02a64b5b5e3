import type { ClientNode } from "@jumpstarter/lib/driver";
import { explain } from "@jumpstarter/lib/program";
import { runJ, type RunOptions } from "./run.ts";

/** `j` reports wrong usage like any other failure, as its users know it. */
const FAILURE = 1;
const CANCELLED = 2;
/** Output that nobody reads any more ends a command as SIGPIPE would. */
const BROKEN_PIPE = 141;

/** Runs one command line of `j` and tells of its failure; the exit status. */
export async function runLine(
  tree: ClientNode,
  args: readonly string[],
  options: RunOptions,
): Promise<number> {
  const { io } = options;
  try {
    const status = await runJ(tree, args, options);
    return io.signal.aborted ? CANCELLED : status;
  } catch (error) {
    if (io.signal.aborted) return CANCELLED;
    if (error instanceof Deno.errors.BrokenPipe) return BROKEN_PIPE;
    await io.note(explain(error));
    return FAILURE;
  }
}
