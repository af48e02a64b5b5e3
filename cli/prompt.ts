import type { CommandIo } from "@jumpstarter/lib/commands";
import { JumpstarterError } from "@jumpstarter/lib/errors";
import { unlessAborted } from "@jumpstarter/lib/streams";

/**
 * Asks for one line on a terminal; an empty answer is asked for again where one is needed. Fails
 * when the terminal ends instead (Ctrl-D), and with the signal's reason.
 */
export async function ask(
  io: CommandIo,
  question: string,
  { isNeeded }: { isNeeded: boolean },
): Promise<string> {
  for (;;) {
    await io.write(new TextEncoder().encode(`${question}: `));
    const line = await readLine(io);
    if (line === undefined) throw new JumpstarterError("aborted", "Aborted by user.");
    const answer = line.trim();
    if (answer !== "" || !isNeeded) return answer;
  }
}

/** A terminal hands over line by line, so nothing of the next answer is lost. */
async function readLine(io: CommandIo): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let line = "";
  while (!line.endsWith("\n")) {
    const chunk = await unlessAborted(() => io.input.read(), io.signal);
    if (chunk === null) return line === "" ? undefined : line;
    line += decoder.decode(chunk, { stream: true });
  }
  return line;
}
