import type { CommandIo } from "@jumpstarter/lib/commands";
import { ask } from "../../prompt.ts";

/** Asks whether something is to be done, where somebody is there to answer; otherwise it is not. */
export async function confirm(io: CommandIo, question: string, mayAsk: boolean): Promise<boolean> {
  if (!mayAsk || !io.input.isTerminal || !io.isTerminal) return false;
  return /^y(es)?$/i.test(await ask(io, `${question} [y/N]`, { isNeeded: false }));
}
