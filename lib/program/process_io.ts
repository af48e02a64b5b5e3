import type { CommandIo, Progress } from "../commands/io.ts";
import { CHUNK_SIZE } from "../streams/byte_stream.ts";
import { writeFully } from "../streams/connection.ts";
import { ProgressLine } from "./progress_line.ts";
import { columnsOf, terminalColumns } from "./terminal.ts";

const encoder = new TextEncoder();

/** The world as this process sees it. */
export function processIo(signal: AbortSignal): CommandIo {
  const isTerminal = Deno.stdout.isTerminal();
  return {
    signal,
    cwd: Deno.cwd(),
    isTerminal,
    get columns() {
      return columnsOf(Deno.stdout);
    },
    input: { isTerminal: Deno.stdin.isTerminal(), read: readInput },
    print: (line) => writeFully(Deno.stdout, encoder.encode(`${line}\n`)),
    write: (bytes) => writeFully(Deno.stdout, bytes),
    note: (line) => writeFully(Deno.stderr, encoder.encode(`${line}\n`)),
    progress: (label): Progress =>
      new ProgressLine(label, {
        isTerminal: Deno.stderr.isTerminal() && Deno.env.get("TERM") !== "dumb",
        columns: terminalColumns,
        write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
      }),
    ...(Deno.stdin.isTerminal()
      ? { terminal: { setRaw: (isRaw: boolean) => Deno.stdin.setRaw(isRaw) } }
      : {}),
  };
}

async function readInput(): Promise<Uint8Array | null> {
  const buffer = new Uint8Array(CHUNK_SIZE);
  const size = await Deno.stdin.read(buffer);
  return size === null ? null : buffer.subarray(0, size);
}
