/** Runs our programs as users do: as processes. */

const root = new URL("../../", import.meta.url);

/** Path of a file of the repository. */
export function repoPath(path: string): string {
  return decodeURIComponent(new URL(path, root).pathname);
}

/** The command line of `jmp`, from source, with its stated permissions. */
export function jmpCommand(...args: string[]): [string, ...string[]] {
  return program("jmp", "cli/main.ts", args);
}

/** The command line of `jmp-exporter`. */
export function exporterCommand(...args: string[]): [string, ...string[]] {
  return program("jmp-exporter", "exporter/main.ts", args);
}

/** The command line of `jmp-controller`. */
export function controllerCommand(...args: string[]): [string, ...string[]] {
  const flags = "--max-semi-space-size=2,--heap-growing-percent=15";
  return program("jmp-controller", "controller/main.ts", args, flags);
}

function program(
  permissions: string,
  main: string,
  args: string[],
  // As `deno task jmp` and the executables have it.
  flags = "--max-semi-space-size=1",
): [string, ...string[]] {
  return [
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    `--v8-flags=${flags}`,
    `--config=${repoPath("deno.json")}`,
    `-P=${permissions}`,
    repoPath(main),
    ...args,
  ];
}

/** What a finished program left behind. */
export interface Finished {
  status: number;
  stdout: string;
  stderr: string;
}

/** Options of {@linkcode run}. */
export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Text for standard input; none by default. */
  input?: string;
  /** Milliseconds after which the program is killed; default 60 s. */
  timeout?: number;
}

/** Runs a program to its end. */
export async function run(
  [program, ...args]: readonly [string, ...string[]],
  { env = {}, cwd, input, timeout = 60_000 }: RunOptions = {},
): Promise<Finished> {
  const child = new Deno.Command(program, {
    args,
    env: { NO_COLOR: "1", ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(timeout),
  }).spawn();
  if (input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { status: code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs a program that a test stands on to its end; fails with what it said when it fails. */
export async function mustRun(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdout: "null" }).output();
  if (success) return;
  throw new Error(`${program} ${args.join(" ")} fails:\n${new TextDecoder().decode(stderr)}`);
}

/** Runs `jmp` to its end. */
export function jmp(args: string[], options?: RunOptions): Promise<Finished> {
  return run(jmpCommand(...args), options);
}

/** A folder that goes with the test. */
export async function tempDir(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "jumpstarter-test-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
