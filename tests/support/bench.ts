import { writeExporter } from "./exporter_file.ts";
import { exporterCommand, jmpCommand, tempDir } from "./programs.ts";
import { type Running, start } from "./running.ts";

/** A command line. */
export type CommandLine = [string, ...string[]];

/** A session that is open while a test goes on, and command lines of `j` for it. */
export interface Bench extends AsyncDisposable {
  /** A folder that goes with the test. */
  readonly dir: string;
  /** The exporter's folder for temporary files. */
  readonly temp: string;
  /** Where the exporter puts the folder of its session. */
  readonly runtime: string;
  /** The session's socket. */
  readonly host: string;
  /** What `j` needs in its environment. */
  readonly env: Record<string, string>;
  /** The process that holds the exporter. */
  readonly program: Running;
  /** `j` in a process of its own. */
  cold(...args: string[]): CommandLine;
}

/** A bench whose exporter runs inside `jmp shell`. */
export interface ShellBench extends Bench {
  /** `j` as the shell's PATH has it: carried out by the shell. */
  warm(...args: string[]): CommandLine;
}

/** Opens `jmp shell` with the given entries, and with additions to its environment. */
export async function openShell(
  entries: Record<string, unknown>,
  env: Record<string, string> = {},
): Promise<ShellBench> {
  // The shell stays open until its standard input ends.
  const script = 'echo "JUMPSTARTER_HOST=$JUMPSTARTER_HOST"; cat';
  const bench = await open(
    entries,
    (file) => jmpCommand("shell", "--exporter-config", file, "--", "sh", "-c", script),
    env,
  );
  const j = bench.host.replace(/socket$/, "bin/j");
  return { ...bench, warm: (...args) => [j, ...args] };
}

/** Starts `jmp-exporter run` with the given entries. */
export async function openExporter(entries: Record<string, unknown>): Promise<Bench> {
  return await open(
    entries,
    (file, dir) => exporterCommand("run", "--exporter-config", file, "--socket", `${dir}/socket`),
  );
}

async function open(
  entries: Record<string, unknown>,
  commandFor: (file: string, dir: string) => CommandLine,
  env: Record<string, string> = {},
): Promise<Bench> {
  await using stack = new AsyncDisposableStack();
  const { path: dir } = stack.use(await tempDir());
  const [temp, runtime] = [`${dir}/temp`, `${dir}/runtime`];
  await Promise.all([Deno.mkdir(temp), Deno.mkdir(runtime)]);
  const program = stack.use(
    start(commandFor(await writeExporter(dir, entries), dir), {
      env: { TMPDIR: temp, XDG_RUNTIME_DIR: runtime, ...env },
      hasInput: true,
    }),
  );
  const [, host] = await program.shown(/^JUMPSTARTER_HOST=(.+)$/m);
  const held = stack.move();
  return {
    dir,
    temp,
    runtime,
    host: host!,
    env: { JUMPSTARTER_HOST: host!, JMP_DRIVERS_ALLOW: "UNSAFE" },
    program,
    cold: (...args) => jmpCommand("j", ...args),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}
