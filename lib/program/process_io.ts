import type { CommandIo, Progress } from "../commands/io.ts";
import { CHUNK_SIZE } from "../streams/byte_stream.ts";
import { ProgressLine } from "./progress_line.ts";

const encoder = new TextEncoder();

/** The world as this process sees it. */
export function processIo(signal: AbortSignal): CommandIo {
  const isTerminal = Deno.stdout.isTerminal();
  return {
    signal,
    cwd: Deno.cwd(),
    isTerminal,
    input: { isTerminal: Deno.stdin.isTerminal(), read: readInput },
    print: (line) => write(encoder.encode(`${line}\n`)),
    write,
    note: (line) => Promise.resolve(Deno.stderr.writeSync(encoder.encode(`${line}\n`))).then(),
    progress: (label): Progress =>
      new ProgressLine(label, {
        isTerminal: Deno.stderr.isTerminal() && Deno.env.get("TERM") !== "dumb",
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

async function write(bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) {
    sent += await Deno.stdout.write(bytes.subarray(sent));
  }
}
