import type { Hook } from "@jumpstarter/lib/config";
import { commandLine } from "./command_line.ts";
import { type HookContext, hookEnvironment } from "./environment.ts";
import { Output } from "./output.ts";
import { Pty } from "./pty.ts";
import type { HookResult } from "./result.ts";
import { type Exit, StartError, TerminalProgram } from "./terminal_program.ts";

/** Milliseconds that the processes of a hook have to end after SIGTERM. */
const TERM_GRACE = 5_000;
/** Milliseconds that the system has to end a process that was killed. */
const KILL_TIMEOUT = 1_000;
/** The longest that a timer can wait, milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** How to run a hook. */
export interface RunHookOptions extends HookContext {
  /** What is run. */
  readonly hook: Pick<Hook, "script" | "exec" | "timeout">;
  /** Takes every line of the output as it comes. */
  readonly onLine: (line: string) => void;
  /** What the hook's environment is made from; default the exporter's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds between SIGTERM and SIGKILL; default 5 000. */
  readonly grace?: number;
  /** Ends the hook as its time-out does; the result is `stopped`. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a hook's script on a pseudo-terminal of its own, to its end. Never fails: what goes wrong is in
 * the result.
 *
 * A time-out ends all processes of the script; what a script that ended in time has left in the
 * background goes on, and its later output is lost. Needs `--allow-ffi`, `--allow-env` and
 * `--allow-read`.
 */
export async function runHook(options: RunHookOptions): Promise<HookResult> {
  const { hook, signal } = options;
  if (hook.script.trim() === "") return { kind: "success" };
  if (signal?.aborted === true) return { kind: "stopped" };
  if (hook.timeout <= 0) return { kind: "timedOut", timeout: 0 };
  try {
    return await runScript(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: error instanceof StartError ? "notStarted" : "internal", reason };
  }
}

async function runScript(options: RunHookOptions): Promise<HookResult> {
  const { hook, onLine, env = Deno.env.toObject() } = options;
  using terminal = Pty.open();
  const program = TerminalProgram.start({
    command: commandLine(hook, { isFile, execPath: Deno.execPath() }),
    env: hookEnvironment(env, options),
    terminal: terminal.path,
  });
  using _killed = program.killAtExit();
  const output = new Output(terminal, onLine);
  const result = supervise(program, output, options).finally(() => output.drain());
  // The terminal must stay until both have ended, also when one of them fails.
  await Promise.allSettled([result, output.done]);
  await output.done;
  return await result;
}

/** Waits for the program's end, or brings it about. */
async function supervise(
  program: TerminalProgram,
  output: Output,
  { hook: { timeout }, grace = TERM_GRACE, signal }: RunHookOptions,
): Promise<HookResult> {
  const exit = await within(program.exit, timeout, signal);
  if (exit !== undefined) return resultOf(exit);
  const isStopped = signal?.aborted === true;
  await program.endGroup(grace, () => output.isClosed);
  await within(program.exit, KILL_TIMEOUT);
  return isStopped ? { kind: "stopped" } : { kind: "timedOut", timeout };
}

function resultOf(exit: Exit): HookResult {
  if ("signal" in exit) return { kind: "signalled", signal: exit.signal };
  return exit.code === 0 ? { kind: "success" } : { kind: "exited", code: exit.code };
}

/** What a promise gives within so many milliseconds, unless the signal comes first. */
async function within<T>(
  promise: Promise<T>,
  timeout: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  const timer = setTimeout(stop, Math.min(timeout, LONGEST_TIMER));
  signal?.addEventListener("abort", stop);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // also a text that is too long for a path
  }
}
