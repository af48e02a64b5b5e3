/**
 * The `j` on a shell's PATH: hands its command line to the `jmp shell` that runs already, which has
 * the board at hand. What cannot be done there, it does itself.
 *
 * Called as `launcher.ts WARM_SOCKET SESSION_SOCKET ARGS…`.
 *
 * @module
 */
import { type Call, type Frame, FrameSocket, type InputFailure, Kind, writeAll } from "./frame.ts";

/** How long the shell may take to end a command after a signal, milliseconds. */
const GRACE = 900;
const FAILURE = 1;
const CANCELLED = 2;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Standard output that nobody reads any more ends a command as SIGPIPE would. */
const BROKEN_PIPE = 141;

/** Runs one command line of `j`, there or here; the exit status. */
export async function launch(argv: readonly string[]): Promise<number> {
  const [warmSocket = "", session = "", ...args] = argv;
  try {
    return await callShell(warmSocket, session, args) ??
      await (await import("../j/main.ts")).main(args);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return BROKEN_PIPE;
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    return FAILURE;
  }
}

/** Hands the command line over; nothing when it is to be run here. */
async function callShell(
  warmSocket: string,
  session: string,
  args: readonly string[],
): Promise<number | undefined> {
  // Another session was chosen, or a terminal session is remembered that has ended.
  if (Deno.env.get("JUMPSTARTER_HOST") !== session) return undefined;
  let connection: Deno.Conn;
  try {
    connection = await Deno.connect({ transport: "unix", path: warmSocket });
  } catch {
    return undefined;
  }
  const socket = new FrameSocket(connection);
  const told = new AbortController();
  for (const signal of SIGNALS) {
    Deno.addSignalListener(signal, () => {
      told.abort();
      void socket.write(Kind.SIGNAL).catch(() => {});
      setTimeout(() => Deno.exit(CANCELLED), GRACE);
    });
  }
  const call: Call = {
    args,
    cwd: Deno.cwd(),
    allowed: Deno.env.get("JMP_DRIVERS_ALLOW"),
    terminals: [
      Deno.stdin.isTerminal(),
      Deno.stdout.isTerminal(),
      Deno.stderr.isTerminal() && Deno.env.get("TERM") !== "dumb",
    ],
    columns: terminalColumns(),
  };
  if (call.columns !== undefined) {
    Deno.addSignalListener("SIGWINCH", () => {
      const columns = new TextEncoder().encode(String(terminalColumns() ?? call.columns));
      void socket.write(Kind.RESIZE, columns).catch(() => {});
    });
  }
  let first: Frame | null;
  try {
    await socket.write(Kind.CALL, json(call));
    first = await socket.read();
  } catch {
    // The shell has not accepted us, and does not know of the line.
    return told.signal.aborted ? CANCELLED : undefined;
  }
  return await converse(socket, first, told.signal);
}

/** `processIo()` of the library has it, too, but nothing is imported here. */
function terminalColumns(): number | undefined {
  try {
    return Deno.consoleSize().columns || undefined;
  } catch {
    return undefined;
  }
}

/** Serves the shell with our streams until the command has ended. */
async function converse(
  socket: FrameSocket,
  first: Frame | null,
  told: AbortSignal,
): Promise<number | undefined> {
  for (let frame = first; frame !== null; frame = await socket.read()) {
    if (frame.kind === Kind.EXIT) return frame.payload[0] ?? 1;
    if (frame.kind === Kind.RUN_YOURSELF) return undefined;
    if (frame.kind === Kind.OUTPUT) await writeAll(Deno.stdout, frame.payload);
    else if (frame.kind === Kind.ERROR) await writeAll(Deno.stderr, frame.payload);
    else if (frame.kind === Kind.WANT_INPUT) void sendInput(socket);
  }
  if (told.aborted) return CANCELLED;
  await writeAll(
    Deno.stderr,
    new TextEncoder().encode("error: the jmp shell ended before the command did\n"),
  );
  return 1;
}

/**
 * A signal must get through while input is awaited, so nobody waits for this. Input that cannot be
 * read is not at its end: the command must not take a part for the whole.
 */
async function sendInput(socket: FrameSocket): Promise<void> {
  const buffer = new Uint8Array(65_536);
  let frame: Frame;
  try {
    const size = await Deno.stdin.read(buffer);
    frame = { kind: Kind.INPUT, payload: buffer.subarray(0, size ?? 0) };
  } catch (error) {
    const { name, message } = error as Error;
    frame = { kind: Kind.INPUT_FAILED, payload: json({ name, message }) };
  }
  await socket.write(frame.kind, frame.payload).catch(() => {}); // whoever reads there is told
}

function json(value: Call | InputFailure): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

if (import.meta.main) Deno.exit(await launch(Deno.args));
