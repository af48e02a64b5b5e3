import { AllowList, connect } from "@jumpstarter/lib/client";
import { UsageError } from "@jumpstarter/lib/errors";
import { parseEndpoint } from "@jumpstarter/lib/rpc";
import { cancellable, explain, processIo } from "@jumpstarter/lib/program";
import { runJ } from "./run.ts";

/** `j` reports wrong usage like any failure, as its users know it. */
const FAILURE = 1;
const CANCELLED = 2;

/** Runs `j` in this process; the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await cancellable(CANCELLED, async (signal) => {
      const host = Deno.env.get("JUMPSTARTER_HOST");
      if (!host) {
        throw new UsageError(
          "the j command must be used inside a jmp shell: JUMPSTARTER_HOST not set",
        );
      }
      await using board = await connect(parseEndpoint(host), {}, { signal });
      const allowed = AllowList.parse(Deno.env.get("JMP_DRIVERS_ALLOW"));
      return await runJ(board.tree, args, { io: processIo(signal), allowed });
    });
  } catch (error) {
    console.error(explain(error));
    return FAILURE;
  }
}
