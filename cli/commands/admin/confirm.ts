import type { CommandIo } from "@jumpstarter/lib/commands";
import { ask } from "../../prompt.ts";

/** Whether somebody is there to answer, and is not told to be left alone. */
export function canAsk(
  io: CommandIo,
  { nointeractive = false, output }: { nointeractive?: boolean; output?: string | undefined },
): boolean {
  return !nointeractive && output === undefined && io.input.isTerminal && io.isTerminal;
}

/** Asks whether something is to be done. */
export async function confirm(io: CommandIo, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(io, `${question} [y/N]`, { isNeeded: false }));
}
