import { DriverError } from "@jumpstarter/lib/errors";
import { systemReason } from "@jumpstarter/lib/streams";
import { Output } from "./output.ts";

/** Milliseconds that a script has to end after SIGTERM. */
const TERM_TIMEOUT = 5_000;

/** What is run: a program with its arguments. */
export interface ScriptOptions {
  /** The program and its arguments. */
  command: readonly [string, ...string[]];
  /** Added to the exporter's environment. */
  env: Readonly<Record<string, string>>;
  /** Where it runs; the exporter's own folder by default. */
  cwd: string | null;
}

/** A program that runs in a process group of its own, without input. Disposing it ends the group. */
export class Script implements AsyncDisposable {
  #child: Deno.ChildProcess;
  #stdout: Output;
  #stderr: Output;
  #status: Deno.CommandStatus | undefined;
  #wake: () => void = () => {};

  constructor({ command: [program, ...args], env, cwd }: ScriptOptions) {
    this.#child = spawn(program, {
      args,
      env: { ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      detached: true,
      ...(cwd === null ? {} : { cwd }),
    });
    const wake = () => this.#wake();
    this.#stdout = new Output(this.#child.stdout, wake);
    this.#stderr = new Output(this.#child.stderr, wake);
    void this.#child.status.then((status) => {
      this.#status = status;
      wake();
    });
  }

  /**
   * The exit status, once the program has ended and all of its output was taken; negative, the number
   * of the signal that ended it.
   */
  get returnCode(): number | undefined {
    const isEnded = this.#stdout.isEnded && this.#stderr.isEnded;
    if (!isEnded || this.#status === undefined) return undefined;
    const { code, signal } = this.#status;
    return signal === null ? code : 128 - code;
  }

  /** What came on standard output and error; waits up to `timeout` milliseconds for it, or the end. */
  async next(timeout: number): Promise<[stdout: string, stderr: string]> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, timeout);
    while (!this.#isReady && !isLate) await new Promise<void>((wake) => this.#wake = wake);
    clearTimeout(timer);
    return [this.#stdout.take(), this.#stderr.take()];
  }

  get #isReady(): boolean {
    return this.#stdout.isWaiting || this.#stderr.isWaiting || this.returnCode !== undefined;
  }

  /** Ends it with SIGTERM, and with SIGKILL after so many milliseconds. */
  async end(timeout: number = TERM_TIMEOUT): Promise<void> {
    if (this.returnCode !== undefined) return;
    const { pid, status } = this.#child;
    killGroup(pid, "SIGTERM");
    const late = setTimeout(() => killGroup(pid, "SIGKILL"), timeout);
    await status;
    clearTimeout(late);
    // Those of the group that outlive their leader would hold the pipes.
    killGroup(pid, "SIGKILL");
    await Promise.all([this.#stdout.close(), this.#stderr.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }
}

function spawn(program: string, options: Deno.CommandOptions): Deno.ChildProcess {
  try {
    return new Deno.Command(program, options).spawn();
  } catch (cause) {
    throw new DriverError(`cannot run ${program}: ${systemReason(cause)}`, { cause });
  }
}

function killGroup(leader: number, signal: Deno.Signal): void {
  try {
    Deno.kill(-leader, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
