import { dirname } from "node:path";
import { type Finished, repoPath, tempDir } from "../support/programs.ts";
import { type Running, start, until } from "../support/running.ts";
import { peer } from "./peer.ts";

/** Milliseconds that a program has to end after it was told to. */
const GRACE = 5_000;

/** Where a command line runs. */
interface Surroundings {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

/** The peer's `jmp`: one process that has loaded it, and a fork of that for each command line. */
export class PythonJmp implements AsyncDisposable {
  #dir: string;
  #env: Record<string, string>;
  #forks: Running;
  #count = 0;
  #held: AsyncDisposableStack;

  private constructor(dir: string, env: Record<string, string>, forks: Running) {
    this.#dir = dir;
    this.#env = env;
    this.#forks = forks;
    this.#held = new AsyncDisposableStack();
  }

  /** Loads it. Its `j` and `python3` are those of its programs. */
  static async open(): Promise<PythonJmp> {
    await using stack = new AsyncDisposableStack();
    const { path: dir } = stack.use(await tempDir());
    const { python } = await peer();
    // The repository is no place for compiled modules.
    const command = [python, "-B", repoPath("tests/interop/direct_forks.py")] as const;
    // As wide as no line is: the peer wraps what it says.
    const forks = stack.use(start(command, { hasInput: true, env: { COLUMNS: "400" } }));
    const opened = new PythonJmp(dir, { PATH: pythonPath(python) }, forks);
    opened.#held = stack.move();
    return opened;
  }

  /** Starts a command line. */
  async start(words: readonly string[], { env = {}, cwd }: Surroundings = {}): Promise<PythonRun> {
    const folder = `${this.#dir}/${this.#count++}`;
    await Deno.mkdir(folder);
    const line = { folder, words, cwd: cwd ?? folder, env: { ...this.#env, ...env } };
    await this.#forks.type(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
    return new PythonRun(folder);
  }

  /** Runs a command line to its end. */
  async run(words: readonly string[], surroundings?: Surroundings): Promise<Finished> {
    await using running = await this.start(words, surroundings);
    return await running.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#held.disposeAsync();
  }
}

/** A `PATH` on which the peer's programs come first. */
export function pythonPath(python: string): string {
  return `${dirname(python)}:${Deno.env.get("PATH")}`;
}

/** One of the peer's programs while it runs; what is left of it ends with the test. */
export class PythonRun implements AsyncDisposable {
  #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves once what it prints matches; fails when it ends before. */
  async shown(pattern: RegExp): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    await this.#until(`${pattern} shows`, ({ status, stdout, stderr }) => {
      found = pattern.exec(stdout) ?? pattern.exec(stderr);
      if (found === null && status !== undefined) throw new Error("the program ended");
      return found !== null;
    });
    return found!;
  }

  /** What it leaves behind, once it has ended. */
  async end(): Promise<Finished> {
    const { status, ...printed } = await this.#until(
      "it ends",
      (seen) => seen.status !== undefined,
    );
    return { status: status!, ...printed };
  }

  /** Sends a signal to the program, and to no other that it has started. */
  async kill(signal: Deno.Signal): Promise<void> {
    await this.#kill(signal, { group: false });
  }

  async #kill(signal: Deno.Signal, { group }: { group: boolean }): Promise<void> {
    await until("it runs", async () => await this.#read("pid") !== "");
    const pid = Number(await this.#read("pid"));
    Deno.kill(group ? -pid : pid, signal);
  }

  async #until(what: string, holds: (seen: Seen) => boolean): Promise<Seen> {
    let seen = await this.#look();
    try {
      await until(what, async () => holds(seen = await this.#look()));
      return seen;
    } catch (cause) {
      throw new Error(`not so: ${what}; there is ${JSON.stringify(seen)}`, { cause });
    }
  }

  async #look(): Promise<Seen> {
    const status = await this.#read("status");
    // The peer fills its lines with spaces.
    const [stdout, stderr] = (await Promise.all([this.#read("stdout"), this.#read("stderr")]))
      .map((text) => text.replace(/ +$/gm, ""));
    return {
      status: status === "" ? undefined : Number(status),
      stdout: stdout!,
      stderr: stderr!,
    };
  }

  async #read(name: string): Promise<string> {
    return await Deno.readTextFile(`${this.#folder}/${name}`).catch(() => ""); // not there yet
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isOver = async () => (await this.#look()).status !== undefined;
    if (!await isOver()) {
      await this.#kill("SIGTERM", { group: true });
      await until("it ends", isOver, GRACE).catch(() => {}); // it will have to
    }
    await this.#kill("SIGKILL", { group: true }).catch(() => {}); // nothing of it is left
  }
}

/** What a program has printed so far, and its status once it has ended. */
interface Seen extends Omit<Finished, "status"> {
  readonly status: number | undefined;
}
