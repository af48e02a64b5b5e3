import { bootLog, LOADER, NO_MEDIUM } from "./boot_log.ts";
import { Console } from "./console.ts";
import type { Medium } from "./medium.ts";
import type { System } from "./system.ts";

/** What surrounds the computer: its wires, its storage, its clock. */
export interface Surroundings {
  readonly hostname: string;
  /** Milliseconds from power to login, besides reading the image. */
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
  #console: Console;
  #state: State = "off";
  #power = new AbortController();
  #system: System | undefined;
  /** From power on to power off, one life after the other. */
  #life: Promise<void> = Promise.resolve();

  constructor(surroundings: Surroundings) {
    this.#around = surroundings;
    this.#console = new Console({
      print: surroundings.print,
      wait: surroundings.wait,
      onBusy: (isBusy) => this.#state = isBusy ? "busy" : "idle",
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
    this.#console.reset();
    this.#around.networkDown();
  }

  /** Takes text from the serial line. Nobody listens without power, or while the board boots. */
  type(text: string): void {
    if (this.#state !== "off" && this.#state !== "booting") this.#console.type(text);
  }

  /** Somebody else has written to the storage. */
  mediumChanged(): void {
    if (this.#system === undefined) return;
    this.#console.announce("mmcblk0: medium changed under the running system; reboot to use it");
  }

  /** Cuts the power, and settles when nothing is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.powerOff();
    await this.#life;
  }

  async #live(signal: AbortSignal): Promise<void> {
    try {
      const system = await this.#boot(signal);
      signal.throwIfAborted();
      this.#state = system === undefined ? "stuck" : "idle";
      if (system === undefined) await this.#console.repeat(NO_MEDIUM.at(-1)!, signal);
      else await this.#console.serve(system, signal);
    } catch (error) {
      if (signal.aborted) return; // the power went, and everything with it
      this.#around.onFault(error);
      this.#around.print(`\r\nKernel panic: ${(error as Error).message}\r\n`);
      this.#state = "stuck";
      this.#system = undefined;
      this.#around.networkDown();
    }
  }

  /** The running system; nothing when there is none to boot. */
  async #boot(signal: AbortSignal): Promise<System | undefined> {
    const { hostname, bootTime, print } = this.#around;
    signal.throwIfAborted();
    // Said at once: looking through a large image takes its time.
    print(LOADER.map((line) => `${line}\r\n`).join(""));
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
    const { hostname, now, print, readMedium } = this.#around;
    const startedAt = now();
    return {
      hostname,
      image,
      bootLog: lines,
      get uptime() {
        return (now() - startedAt) / 1000;
      },
      readMedium,
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
}
