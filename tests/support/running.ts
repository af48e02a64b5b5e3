import type { Finished } from "./programs.ts";

/** What {@linkcode start} takes. */
export interface StartOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Keeps standard input open for {@linkcode Running.type}; it is empty otherwise. */
  hasInput?: boolean;
}

/** Milliseconds that an awaited event may take; a machine under load is slow, not broken. */
const DEADLINE = 20_000;
/** Milliseconds that a program has to end after it was told to. */
const GRACE = 5_000;

/** A program that runs while a test goes on; what is left of it ends with the test. */
export class Running implements AsyncDisposable {
  readonly pid: number;
  /** What it left behind, once it has ended. */
  readonly finished: Promise<Finished>;
  #child: Deno.ChildProcess;
  #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #stdout = "";
  #stderr = "";
  #isEnded = false;
  #looks = new Set<() => void>();

  constructor(child: Deno.ChildProcess, hasInput: boolean) {
    this.#child = child;
    this.pid = child.pid;
    this.#input = hasInput ? child.stdin.getWriter() : undefined;
    this.#input?.closed.catch(() => {}); // a program need not read to the end
    this.finished = this.#finish();
  }

  /** Standard output so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves once standard output or standard error matches; fails when the program ends before. */
  async shown(pattern: RegExp): Promise<RegExpExecArray> {
    const found = Promise.withResolvers<RegExpExecArray>();
    const look = () => {
      const match = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
      if (match !== null) found.resolve(match);
      else if (this.#isEnded) found.reject(new Error("the program ended"));
    };
    this.#looks.add(look);
    look();
    try {
      return await within(DEADLINE, found.promise);
    } catch (cause) {
      const seen = JSON.stringify([this.#stdout, this.#stderr]);
      throw new Error(`${pattern} does not show; there is ${seen}`, { cause });
    } finally {
      this.#looks.delete(look);
    }
  }

  /** Sends bytes to standard input; settles when they are taken. */
  async type(bytes: Uint8Array): Promise<void> {
    await this.#input!.write(bytes);
  }

  /** Ends standard input. */
  async endInput(): Promise<void> {
    await this.#input?.close().catch(() => {}); // closed already, or nobody reads it any more
    this.#input = undefined;
  }

  /** Sends a signal; one that comes too late does nothing. */
  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended already.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const input = this.endInput();
    this.kill("SIGTERM");
    // What it started may hold its output open for ever.
    const timer = setTimeout(() => killTree(this.pid), GRACE);
    await this.finished;
    clearTimeout(timer);
    await input;
  }

  async #finish(): Promise<Finished> {
    const [{ code }] = await Promise.all([
      this.#child.status,
      this.#gather(this.#child.stdout, (text) => this.#stdout += text),
      this.#gather(this.#child.stderr, (text) => this.#stderr += text),
    ]);
    this.#isEnded = true;
    for (const look of this.#looks) look();
    return { status: code, stdout: this.#stdout, stderr: this.#stderr };
  }

  async #gather(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      take(decoder.decode(chunk, { stream: true }));
      for (const look of this.#looks) look();
    }
  }
}

/** Kills a process with all that it started (Linux tells which). */
function killTree(pid: number): void {
  let children = "";
  try {
    children = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
  } catch {
    // It has ended already, or nobody can tell.
  }
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
  for (const child of children.split(" ").filter(Boolean)) killTree(Number(child));
}

/** Starts a program. */
export function start(
  [program, ...args]: readonly [string, ...string[]],
  { env = {}, cwd, hasInput = false }: StartOptions = {},
): Running {
  const child = new Deno.Command(program, {
    args,
    env: { NO_COLOR: "1", ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdin: hasInput ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return new Running(child, hasInput);
}

/** What a promise yields; fails after so many milliseconds. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`it takes longer than ${milliseconds} ms`)),
    milliseconds,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks again and again until something holds; for what sends no event. Fails after a deadline. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadline: number = DEADLINE,
): Promise<void> {
  const end = performance.now() + deadline;
  while (!await holds()) {
    if (performance.now() > end) throw new Error(`not within ${deadline} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether a process runs; one that has ended and is not yet waited for does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

/** Bytes of memory that a process holds. */
export async function residentMemory(pid: number): Promise<number> {
  const [, pages] = (await Deno.readTextFile(`/proc/${pid}/statm`)).split(" ");
  return Number(pages) * 4096;
}

/** Whether something is at a path. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
