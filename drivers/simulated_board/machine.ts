import { bootLog, NO_MEDIUM } from "./boot_log.ts";
import type { Medium } from "./medium.ts";
import { Shell } from "./shell.ts";
import type { System } from "./system.ts";
import { Tty } from "./tty.ts";

/** What surrounds the computer: its wires, its storage, its clock. */
export interface Surroundings {
  readonly hostname: string;
  /** Milliseconds from power to login. */
  readonly bootTime: number;
  /** Puts text on the serial line. */
  print(text: string): void;
  /** Reads the storage; nothing when it is empty. */
  readMedium(signal: AbortSignal): Promise<Medium | undefined>;
  /** Milliseconds, from any start. */
  now(): number;
  /** Settles after so many milliseconds; fails when the signal ends it. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** The network comes up with the system, and goes with the power. */
  networkUp(system: System): void;
  networkDown(): void;
  /** Something that no board does: the simulation itself has failed. */
  onFault(error: unknown): void;
}

/** Where the computer stands. Stuck is a board that has found nothing to boot. */
export type State = "off" | "booting" | "stuck" | "idle" | "busy";

/** Amperes in each state. */
const CURRENT: Record<State, number> = {
  "off": 0,
  "booting": 0.85,
  "stuck": 0.21,
  "idle": 0.42,
  "busy": 0.97,
};

/** A small computer: power and storage in, a console and a network out. */
export class Machine implements AsyncDisposable {
  #around: Surroundings;
  #tty: Tty;
  #state: State = "off";
  #power = new AbortController();
  /** The program that runs, if any: Ctrl-C ends it. */
  #program: AbortController | undefined;
  #system: System | undefined;
  /** What the console shows before what is typed. */
  #prompt = "";
  /** From power on to power off, one life after the other. */
  #life: Promise<void> = Promise.resolve();

  constructor(surroundings: Surroundings) {
    this.#around = surroundings;
    this.#tty = new Tty({
      print: surroundings.print,
      onInterrupt: () => this.#program?.abort(),
    });
  }

  get state(): State {
    return this.#state;
  }

  /** What the board draws, amperes. */
  get current(): number {
    return CURRENT[this.#state];
  }

  /** What the supply holds at that load, volts. */
  get voltage(): number {
    return this.#state === "off" ? 0 : Number((5.1 - 0.12 * this.current).toFixed(3));
  }

  /** Switches the power on; the board boots by itself. */
  powerOn(): void {
    if (this.#state !== "off") return;
    this.#state = "booting";
    this.#power = new AbortController();
    const { signal } = this.#power;
    this.#life = this.#life.then(() => this.#live(signal));
  }

  /** Cuts the power: whatever was under way is gone at once. */
  powerOff(): void {
    if (this.#state === "off") return;
    this.#state = "off";
    this.#power.abort();
    this.#system = undefined;
    this.#tty.reset();
    this.#around.networkDown();
  }

  /** Takes text from the serial line. Nobody listens without power, or while the board boots. */
  type(text: string): void {
    if (this.#state !== "off" && this.#state !== "booting") this.#tty.feed(text);
  }

  /** Somebody else has written to the storage. */
  mediumChanged(): void {
    if (this.#system === undefined) return;
    this.#around.print(
      "\r\nmmcblk0: medium changed under the running system; reboot to use it\r\n" +
        `${this.#prompt}${this.#tty.pending}`,
    );
  }

  /** Cuts the power, and settles when nothing is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.powerOff();
    await this.#life;
  }

  async #live(signal: AbortSignal): Promise<void> {
    try {
      const system = await this.#boot(signal);
      if (system === undefined) await this.#waitForPower(signal);
      else await this.#serve(system, signal);
    } catch (error) {
      if (signal.aborted) return; // the power went, and everything with it
      this.#around.onFault(error);
      this.#around.print(`\r\nKernel panic: ${(error as Error).message}\r\n`);
      this.#state = "stuck";
    }
  }

  /** The running system; nothing when there is none to boot. */
  async #boot(signal: AbortSignal): Promise<System | undefined> {
    const { hostname, bootTime, print } = this.#around;
    signal.throwIfAborted();
    const image = await this.#around.readMedium(signal);
    signal.throwIfAborted();
    const lines = image === undefined ? NO_MEDIUM : bootLog(hostname, image);
    for (const line of lines) {
      // In two halves, so that power can go in the middle of a line.
      const half = Math.ceil(line.length / 2);
      print(line.slice(0, half));
      await this.#around.wait(bootTime / lines.length, signal);
      signal.throwIfAborted();
      print(`${line.slice(half)}\r\n`);
    }
    if (image === undefined) return undefined;
    this.#system = this.#systemOf(image, lines);
    this.#around.networkUp(this.#system);
    return this.#system;
  }

  #systemOf(image: Medium, lines: readonly string[]): System {
    const { hostname, now, print, readMedium, wait } = this.#around;
    const startedAt = now();
    return {
      hostname,
      image,
      bootLog: lines,
      get uptime() {
        return (now() - startedAt) / 1000;
      },
      readMedium,
      sleep: (milliseconds, signal) => this.#idle(wait(milliseconds, signal)),
      powerOff: () => {
        print("System halted.\r\n");
        this.powerOff();
      },
      reboot: () => {
        print("Restarting system.\r\n");
        this.powerOff();
        this.powerOn();
      },
    };
  }

  /** Says again what is missing to whoever presses Enter. */
  async #waitForPower(signal: AbortSignal): Promise<never> {
    this.#state = "stuck";
    for (;;) {
      await this.#tty.readLine(signal);
      this.#around.print(`${NO_MEDIUM.at(-1)}\r\n`);
    }
  }

  /** One login after the other. */
  async #serve(system: System, signal: AbortSignal): Promise<never> {
    const { hostname, print } = this.#around;
    this.#state = "idle";
    for (;;) {
      print(`\r\nSimulated Board Linux on ${hostname} (log in as root, no password)\r\n\r\n`);
      for (let name = ""; name !== "root";) {
        if (name !== "") print("Login incorrect\r\n");
        name = (await this.#ask(`${hostname} login: `, signal) ?? "").trim();
      }
      const shell = new Shell(system);
      while (!shell.isDone) {
        const line = await this.#ask(`root@${hostname}:~# `, signal);
        if (line === null) break;
        if (line.trim() !== "") await this.#run(shell, line, signal);
      }
    }
  }

  async #run(shell: Shell, line: string, power: AbortSignal): Promise<void> {
    const program = this.#program = new AbortController();
    const signal = AbortSignal.any([program.signal, power]);
    this.#state = "busy";
    await shell.run(line, {
      print: (text) => signal.aborted || this.#around.print(text.replaceAll("\n", "\r\n")),
      readLine: () => this.#idle(this.#tty.readLine(signal)),
      signal,
    });
    power.throwIfAborted();
    this.#program = undefined;
    this.#state = "idle";
  }

  async #ask(prompt: string, signal: AbortSignal): Promise<string | null> {
    this.#prompt = prompt;
    this.#around.print(prompt);
    const line = await this.#tty.readLine(signal);
    this.#prompt = "";
    return line;
  }

  /** A program that waits does not keep the processor busy. */
  async #idle<T>(waiting: Promise<T>): Promise<T> {
    this.#state = "idle";
    try {
      return await waiting;
    } finally {
      if (this.#state === "idle") this.#state = "busy";
    }
  }
}
