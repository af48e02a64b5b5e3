/** Milliseconds that a program has to end after SIGTERM. */
const GRACE = 600;
/** Milliseconds for output to come to its end, after the program that made it. */
const OUTPUT_TIMEOUT = 2_000;

/** What {@linkcode runProgram} takes. */
export interface RunProgramOptions {
  /** Whether our own input, output and errors are used; what comes is captured otherwise. */
  inherit: boolean;
  /** Standard input, where it is not inherited; empty by default. */
  input?: string | Uint8Array<ArrayBuffer> | undefined;
  /** Ends the program with SIGTERM, and soon after with SIGKILL. */
  signal?: AbortSignal | undefined;
}

/** Runs a program to its end, without a shell in between. Fails when it cannot be run. */
export async function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  { inherit, input, signal }: RunProgramOptions,
): Promise<{ status: number; stdout: string; stderr: string }> {
  const output = inherit ? "inherit" : "piped";
  const stdin = inherit ? "inherit" : input === undefined ? "null" : "piped";
  const child = new Deno.Command(program, { args, stdin, stdout: output, stderr: output }).spawn();
  const isLate = new AbortController();
  const timers: ReturnType<typeof setTimeout>[] = [];
  const end = () => {
    kill(child, "SIGTERM");
    timers.push(setTimeout(() => kill(child, "SIGKILL"), GRACE));
  };
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  // What it has started and left behind may hold its output open for ever.
  void child.status.then(() => timers.push(setTimeout(() => isLate.abort(), OUTPUT_TIMEOUT)));
  try {
    const [{ code }, stdout, stderr] = await Promise.all([
      child.status,
      inherit ? "" : gather(child.stdout, isLate.signal),
      inherit ? "" : gather(child.stderr, isLate.signal),
      stdin === "piped" ? feed(child.stdin, input!) : undefined,
    ]);
    return { status: code, stdout, stderr };
  } finally {
    timers.forEach(clearTimeout);
    signal?.removeEventListener("abort", end);
  }
}

/** Reads to the end, or until the signal. */
async function gather(from: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<string> {
  const reader = from.getReader();
  signal.addEventListener("abort", () => void reader.cancel(), { once: true });
  const decoder = new TextDecoder();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

async function feed(
  to: WritableStream<Uint8Array<ArrayBuffer>>,
  input: string | Uint8Array<ArrayBuffer>,
): Promise<void> {
  try {
    await new Blob([input]).stream().pipeTo(to);
  } catch (error) {
    // A program need not read to the end.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended by itself.
  }
}
