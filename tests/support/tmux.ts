import { tempDir } from "./programs.ts";
import { isAlive, until } from "./running.ts";

/** Whether tmux, which plays the terminal, is installed. */
export const hasTmux: boolean = await (async () => {
  try {
    return (await new Deno.Command("tmux", { args: ["-V"] }).output()).success;
  } catch {
    return false;
  }
})();

/** A terminal with a program in it, its keys pressed and its screen read by a test. */
export class TestTerminal implements AsyncDisposable {
  /** The program that was started. */
  readonly pid: number;
  #run: Tmux;
  #stack: AsyncDisposableStack;

  private constructor(pid: number, run: Tmux, stack: AsyncDisposableStack) {
    this.pid = pid;
    this.#run = run;
    this.#stack = stack;
  }

  /** Opens a terminal of 160 by 40 on a program. */
  static async open(
    command: readonly string[],
    { env = {}, cwd }: { env?: Record<string, string>; cwd: string },
  ): Promise<TestTerminal> {
    await using stack = new AsyncDisposableStack();
    const { path } = stack.use(await tempDir());
    const run: Tmux = (...args) => tmux(["-u", "-S", `${path}/tmux`, "-f", "/dev/null", ...args]);
    const variables = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const size = ["-x", "160", "-y", "40"];
    await run("new-session", "-d", ...size, ...variables, "-c", cwd, ...command);
    const pid = Number(await run("display-message", "-p", "#{pane_pid}"));
    stack.defer(() => until("the terminal's program ends", async () => !await isAlive(pid)));
    // Runs first: the program ends because its terminal is taken away.
    stack.defer(async () => void await run("kill-server").catch(() => {})); // it may be gone
    return new TestTerminal(pid, run, stack.move());
  }

  /** Types a text and presses Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /** Types a text. */
  async type(text: string): Promise<void> {
    await this.#run("send-keys", "-l", text);
  }

  /** Presses keys by their names: `C-c`, `Enter`. */
  async press(...keys: string[]): Promise<void> {
    await this.#run("send-keys", ...keys);
  }

  /** Gives the terminal another width. */
  async resize(columns: number): Promise<void> {
    await this.#run("resize-window", "-x", String(columns), "-y", "40");
  }

  /** What is on the screen. */
  screen(): Promise<string> {
    return this.#run("capture-pane", "-p");
  }

  /** Resolves once the screen matches. */
  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    let match: RegExpExecArray | null = null;
    let screen = "";
    try {
      await until(`${pattern} on the screen`, async () => {
        screen = await this.screen();
        match = pattern.exec(screen);
        return match !== null;
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; there is\n${screen.trimEnd()}`);
    }
    return match!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

type Tmux = (...args: string[]) => Promise<string>;

async function tmux(args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("tmux", {
    args,
    env: { LC_ALL: "C.UTF-8" },
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`tmux ${args.join(" ")}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}
