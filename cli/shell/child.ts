import { EXIT } from "@jumpstarter/lib/program";
import { JumpstarterError } from "@jumpstarter/lib/errors";

/** How long the child has to end after it was told to, milliseconds. */
const GRACE = 600;

/** What {@linkcode runChild} takes. */
export interface ChildOptions {
  /** All of its environment. */
  env: Record<string, string>;
  /** Tells the child to end. */
  signal: AbortSignal;
  /** Hangs up on the child: what it works with is gone. */
  gone?: AbortSignal | undefined;
  /** An interactive shell ignores SIGTERM, so it is hung up on. */
  isShell?: boolean;
}

/** A program that cannot be run; `status` is what a shell would exit with. */
export class NotRunnableError extends JumpstarterError {
  readonly status: number;

  constructor(message: string, status: number, cause: unknown) {
    super("not_runnable", message, { cause });
    this.status = status;
  }
}

/** Runs a program on our terminal until it ends; its exit status. */
export async function runChild(argv: readonly string[], options: ChildOptions): Promise<number> {
  const { env, signal, gone, isShell = false } = options;
  const child = spawn(argv, env);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    kill(child, isShell || gone?.aborted ? "SIGHUP" : "SIGTERM");
    timer ??= setTimeout(() => kill(child, "SIGKILL"), GRACE);
  };
  const reasons = gone === undefined ? [signal] : [signal, gone];
  for (const reason of reasons) {
    reason.addEventListener("abort", end);
    if (reason.aborted) end();
  }
  try {
    const { code, signal: deathSignal } = await child.status;
    // As the peer counts: a child killed by signal n yields 256 - n.
    return deathSignal === null ? code : 256 - (code - 128);
  } finally {
    clearTimeout(timer);
    for (const reason of reasons) reason.removeEventListener("abort", end);
  }
}

function spawn(argv: readonly string[], env: Record<string, string>): Deno.ChildProcess {
  const [program, ...args] = argv as [string, ...string[]];
  try {
    return new Deno.Command(program, {
      args,
      env,
      clearEnv: true,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new NotRunnableError(`command not found: ${program}`, EXIT.NOT_FOUND, error);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new NotRunnableError(`permission denied: ${program}`, EXIT.NOT_RUNNABLE, error);
    }
    throw new NotRunnableError(
      `cannot execute ${program}: ${(error as Error).message}`,
      EXIT.NOT_RUNNABLE,
      error,
    );
  }
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended by itself.
  }
}
