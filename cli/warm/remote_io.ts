import type { CommandIo } from "@jumpstarter/lib/commands";
import { ProgressLine } from "@jumpstarter/lib/program";
import { chunks } from "@jumpstarter/lib/streams";
import { type Call, type FrameSocket, Kind } from "./frame.ts";

const encoder = new TextEncoder();

/** The launcher's terminal, as it is now. */
export interface Window {
  columns: number | undefined;
}

/** What a launcher does while its command runs. */
interface Surroundings {
  readonly signal: AbortSignal;
  readonly read: () => Promise<Uint8Array | null>;
  readonly window: Window;
}

/** The world as a launcher sees it, at the other end of a socket. */
export function remoteIo(
  socket: FrameSocket,
  { cwd, terminals }: Call,
  { signal, read, window }: Surroundings,
): CommandIo {
  const [isInputTerminal, isOutputTerminal, isErrorTerminal] = terminals;
  const send = async (kind: number, bytes: Uint8Array) => {
    for (const piece of chunks(bytes)) await socket.write(kind, piece);
  };
  return {
    signal,
    cwd,
    isTerminal: isOutputTerminal,
    get columns() {
      return isOutputTerminal ? window.columns : undefined;
    },
    input: { isTerminal: isInputTerminal, read },
    print: (line) => send(Kind.OUTPUT, encoder.encode(`${line}\n`)),
    write: (bytes) => send(Kind.OUTPUT, bytes),
    note: (line) => send(Kind.ERROR, encoder.encode(`${line}\n`)),
    progress: (label) =>
      new ProgressLine(label, {
        isTerminal: isErrorTerminal,
        columns: () => window.columns,
        // A launcher that is gone has ended the command already.
        write: (text) => void send(Kind.ERROR, encoder.encode(text)).catch(() => {}),
      }),
  };
}
