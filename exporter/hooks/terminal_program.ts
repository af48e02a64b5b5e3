import { JumpstarterError } from "@jumpstarter/lib/errors";
import { atExit } from "@jumpstarter/lib/program";
import { cString, cStrings, errorText, libc } from "./libc.ts";

const O_RDWR = 2;
const POSIX_SPAWN_SETSIGDEF = 0x4;
const POSIX_SPAWN_SETSIGMASK = 0x8;
/** More than any of the opaque structures takes; 336 bytes is the largest, on Linux. */
const STRUCT_SIZE = 512;
const SIGTERM = 15;
const SIGKILL = 9;
const SIGCONT = Deno.build.os === "darwin" ? 19 : 18;
const SIGPIPE = 13;
/** Milliseconds that processes have to end which have closed the terminal and outlive their leader. */
const SILENT_GRACE = 500;
/** Milliseconds between two looks at whether a group still has processes; no event tells. */
const LOOK_INTERVAL = 50;

/** What is run: a program with its arguments. */
export interface ProgramOptions {
  /** The program (a path, or a name that is looked up in `PATH`) and its arguments. */
  command: readonly [string, ...string[]];
  /** The whole environment. */
  env: Readonly<Record<string, string>>;
  /** Path of the terminal that is its standard input, output and error. */
  terminal: string;
}

/** How a program ended: by itself, or by a signal. */
export type Exit = { readonly code: number } | { readonly signal: number };

/** The program could not be started. */
export class StartError extends JumpstarterError {
  constructor(message: string) {
    super("start", message);
  }
}

/**
 * A program on a terminal, in a session and a process group of its own. The terminal does not become
 * its controlling terminal.
 *
 * Deno's own commands have no such start: they take no terminal, and opening one afterwards from a
 * session leader, as a shell does in `>FILE`, makes it the controlling one.
 */
export class TerminalProgram {
  /** Its process, and the group that it leads. */
  readonly pid: number;
  /** How it ended. Fails with `JumpstarterError` when the system does not tell. */
  readonly exit: Promise<Exit>;
  #hasExited = false;

  private constructor(pid: number) {
    this.pid = pid;
    this.exit = waitFor(pid).finally(() => this.#hasExited = true);
  }

  /** Fails with {@linkcode StartError} that names the program. */
  static start({ command, env, terminal }: ProgramOptions): TerminalProgram {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    if ([...command, ...variables].some((text) => text.includes("\0"))) {
      throw new StartError("the script holds a NUL character");
    }
    const pid = new Int32Array(1);
    using setup = new Setup(terminal);
    const program = command[0];
    const number = libc().posix_spawnp(
      new Uint8Array(pid.buffer),
      cString(program),
      setup.actions,
      setup.attributes,
      cStrings(command),
      cStrings(variables),
    );
    if (number !== 0) throw new StartError(`cannot run ${program}: ${errorText(number)}`);
    return new TerminalProgram(pid[0]!);
  }

  /**
   * Asks all processes of the group to end with SIGTERM, and kills those that are still there after
   * `grace` milliseconds; sooner when nobody uses the terminal any more.
   */
  async endGroup(grace: number, isTerminalClosed: () => boolean): Promise<void> {
    let deadline = performance.now() + grace;
    this.#signal(SIGTERM);
    // A process that is stopped hears of it only when it goes on.
    this.#signal(SIGCONT);
    while (this.#signal(0)) {
      // Perhaps only dead processes are left, which init has not collected yet, or never does.
      if (this.#hasExited && isTerminalClosed()) {
        deadline = Math.min(deadline, performance.now() + SILENT_GRACE);
      }
      const left = deadline - performance.now();
      if (left <= 0) return void this.#signal(SIGKILL);
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, LOOK_INTERVAL)));
    }
  }

  /** Kills all processes of the group should ours be left at once, before the result is disposed. */
  killAtExit(): Disposable {
    return atExit(() => void this.#signal(SIGKILL));
  }

  /** Whether the group has a process that could be signalled. */
  #signal(signal: number): boolean {
    return libc().kill(-this.pid, signal) === 0;
  }
}

/** How a program is started: what the C library wants to know, as long as it needs it. */
class Setup implements Disposable {
  readonly actions = new Uint8Array(new ArrayBuffer(STRUCT_SIZE));
  readonly attributes = new Uint8Array(new ArrayBuffer(STRUCT_SIZE));

  constructor(terminal: string) {
    const { actions, attributes } = this;
    const c = libc();
    c.posix_spawn_file_actions_init(actions);
    const flags = O_RDWR | c.O_NOCTTY;
    c.posix_spawn_file_actions_addopen(actions, 0, cString(terminal), flags, 0);
    c.posix_spawn_file_actions_adddup2(actions, 0, 1);
    c.posix_spawn_file_actions_adddup2(actions, 0, 2);
    c.posix_spawnattr_init(attributes);
    c.posix_spawnattr_setflags(
      attributes,
      c.POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK,
    );
    c.posix_spawnattr_setsigmask(attributes, signalSet());
    // Deno ignores SIGPIPE, and what is ignored would stay so in the program.
    c.posix_spawnattr_setsigdefault(attributes, signalSet(SIGPIPE));
  }

  [Symbol.dispose](): void {
    libc().posix_spawn_file_actions_destroy(this.actions);
    libc().posix_spawnattr_destroy(this.attributes);
  }
}

/** A set of signals below 32. */
function signalSet(...signals: number[]): Uint8Array<ArrayBuffer> {
  const set = new DataView(new ArrayBuffer(128));
  set.setUint32(0, signals.reduce((bits, signal) => bits | (1 << (signal - 1)), 0), true);
  return new Uint8Array(set.buffer);
}

async function waitFor(pid: number): Promise<Exit> {
  const status = new Int32Array(1);
  if (await libc().waitpid(pid, new Uint8Array(status.buffer), 0) !== pid) {
    throw new JumpstarterError("wait", `the system does not tell how process ${pid} ended`);
  }
  const signal = status[0]! & 0x7f;
  return signal === 0 ? { code: status[0]! >> 8 & 0xff } : { signal };
}
