import type { CommandIo } from "@jumpstarter/lib/commands";
import { ProgressLine } from "@jumpstarter/lib/program";
import { type Call, type FrameSocket, Kind } from "./frame.ts";

const encoder = new TextEncoder();

/** The world as a launcher sees it, at the other end of a socket. */
export function remoteIo(
  socket: FrameSocket,
  { cwd, terminals }: Call,
  signal: AbortSignal,
  read: () => Promise<Uint8Array | null>,
): CommandIo {
  const [isInputTerminal, isOutputTerminal, isErrorTerminal] = terminals;
  return {
    signal,
    cwd,
    isTerminal: isOutputTerminal,
    input: { isTerminal: isInputTerminal, read },
    print: (line) => socket.write(Kind.OUTPUT, encoder.encode(`${line}\n`)),
    write: (bytes) => socket.write(Kind.OUTPUT, bytes),
    note: (line) => socket.write(Kind.ERROR, encoder.encode(`${line}\n`)),
    progress: (label) =>
      new ProgressLine(label, {
        isTerminal: isErrorTerminal,
        // A launcher that is gone has ended the command already.
        write: (text) => void socket.write(Kind.ERROR, encoder.encode(text)).catch(() => {}),
      }),
  };
}
