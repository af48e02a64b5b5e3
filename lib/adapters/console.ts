import type { Input, Terminal } from "../commands/io.ts";
import type { ByteStream } from "../streams/byte_stream.ts";
import { EscapeSequence } from "./escape_sequence.ts";

/** Why a console ended. */
export type ConsoleEnd = "left" | "device" | "input" | "signal";

/** The user's side of a console. */
export interface ConsoleOptions {
  /** Where keys come from. */
  input: Input;
  /** Writes what the device says. */
  write(bytes: Uint8Array): Promise<void>;
  /** Made raw while the console runs, and restored on every way out. */
  terminal: Terminal;
  /** Ends the console. */
  signal?: AbortSignal;
}

/**
 * Joins a terminal and a device until the user presses Ctrl-B three times in a row, the device
 * ends its side, the keys end, or the signal comes. Tells which, and fails when the stream broke.
 * The stream is closed at the end.
 *
 * ```ts
 * import { runConsole } from "@jumpstarter/lib/adapters";
 * import type { CommandIo } from "@jumpstarter/lib/commands";
 * import type { DriverClient } from "@jumpstarter/lib/driver";
 *
 * export async function open(serial: DriverClient, io: CommandIo) {
 *   const { input, terminal, signal } = io;
 *   if (terminal === undefined) return;
 *   const write = (bytes: Uint8Array) => io.write(bytes);
 *   await runConsole(await serial.stream(), { input, terminal, signal, write });
 * }
 * ```
 */
export async function runConsole(
  stream: ByteStream,
  options: ConsoleOptions,
): Promise<ConsoleEnd> {
  const { input, terminal, signal } = options;
  const stopped = Promise.withResolvers<ConsoleEnd>();
  const stop = () => stopped.resolve("signal");
  signal?.addEventListener("abort", stop, { once: true });
  terminal.setRaw(true);
  try {
    if (signal?.aborted) return "signal";
    return await Promise.race([
      showDevice(stream, options.write),
      sendKeys(input, stream),
      stopped.promise,
    ]);
  } finally {
    terminal.setRaw(false);
    signal?.removeEventListener("abort", stop);
    await stream[Symbol.asyncDispose]();
  }
}

async function showDevice(
  stream: ByteStream,
  write: ConsoleOptions["write"],
): Promise<ConsoleEnd> {
  for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
    await write(chunk);
  }
  return "device";
}

/** Keys that may wait for a device that takes none, so that Ctrl-B is seen even then. */
const MAX_WAITING = 65_536;
/** Milliseconds that leaving waits for them at most. */
const LEAVE_TIME = 500;

async function sendKeys(input: Input, stream: ByteStream): Promise<ConsoleEnd> {
  const sequence = new EscapeSequence();
  const broken = Promise.withResolvers<never>();
  let waiting = 0;
  let sent: Promise<void> = Promise.resolve();
  const send = (keys: Uint8Array) => {
    waiting += keys.length;
    sent = sent.then(() => stream.write(keys)).then(() => void (waiting -= keys.length));
    sent.catch(broken.reject);
  };
  for (;;) {
    const keys = await Promise.race([input.read(), broken.promise]);
    if (keys === null) return "input";
    const { forward, isLeaving } = sequence.feed(keys);
    if (forward.length > 0) send(forward);
    if (isLeaving) {
      await atMost(LEAVE_TIME, sent);
      return "left";
    }
    if (waiting > MAX_WAITING) await sent;
  }
}

/** Waits for the last keys to go out, but not for a device that takes none. */
async function atMost(time: number, sent: Promise<void>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, time);
  try {
    await Promise.race([sent, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
