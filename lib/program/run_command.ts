import { UsageError } from "../errors.ts";
import type { CliCommand } from "./cli_command.ts";
import { EXIT, explain } from "./failure.ts";
import { processIo } from "./process_io.ts";
import { cancellable } from "./signals.ts";
import { parse } from "./parse.ts";
import { columnsOf } from "./terminal.ts";

/** Runs one command of `jmp` from its command line; the exit status. */
export async function runCommand(
  name: string,
  command: CliCommand,
  args: readonly string[],
): Promise<number> {
  try {
    const parsed = parse(name, command, args, columnsOf(Deno.stdout));
    if (parsed.kind === "help") {
      console.log(parsed.text.trimEnd());
      return EXIT.OK;
    }
    return await cancellable(
      command.cancelled ?? EXIT.CANCELLED,
      async (signal, ending) =>
        await command.run(parsed.values, processIo(signal), ending) ?? EXIT.OK,
      command.grace,
      leftBy(command),
    );
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return EXIT.BROKEN_PIPE;
    console.error(explain(error));
    return statusFor(error);
  }
}

/** The signals that a command has another use for than its end. */
function leftBy({ leavesInterrupt, leavesHangup }: CliCommand): Deno.Signal[] {
  return [
    ...leavesInterrupt ? ["SIGINT" as const] : [],
    ...leavesHangup ? ["SIGHUP" as const] : [],
  ];
}

function statusFor(error: unknown): number {
  if (error instanceof UsageError) return EXIT.USAGE;
  const { status } = error as { status?: unknown };
  return typeof status === "number" ? status : EXIT.FAILURE;
}
