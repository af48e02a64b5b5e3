import { bootLog, NO_MEDIUM } from "./boot_log.ts";
import type { Medium } from "./medium.ts";
import { runLine, type System } from "./shell.ts";
import { Tty } from "./tty.ts";

/** What surrounds the computer: its wires, its storage, its clock. */
export interface Surroundings {
  readonly hostname: string;
  /** Milliseconds from power to login. */
  readonly bootTime: number;
  /** Puts text on the serial line. */
  print(text: string): void;
  /** Reads the storage; nothing when it is empty. */
  readMedium(): Promise<Medium | undefined>;
  /** Milliseconds, from any start. */
  now(): number;
  /** Settles after so many milliseconds; fails when the signal ends it. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** The network comes up with the system, and goes with the power. */
  networkUp(system: System): Promise<void>;
  networkDown(): void;
}

/** Where the computer stands. */
export type State = "off" | "booting" | "no medium" | "login" | "shell" | "busy";

/** Amperes at 5 V in each state. */
const CURRENT: Record<State, number> = {
  "off": 0,
  "booting": 0.85,
  "no medium": 0.21,
  "login": 0.42,
  "shell": 0.42,
  "busy": 0.97,
};

/** A small computer: power and storage in, a console and a network out. */
export class Machine {
  #around: Surroundings;
  #tty: Tty;
  #state: State = "off";
  #power = new AbortController();
  #system: System | undefined;
  #startedAt = 0;

  constructor(surroundings: Surroundings) {
    this.#around = surroundings;
    this.#tty = new Tty({
      print: surroundings.print,
      onLine: (line) => void this.#takeLine(line),
      onInterrupt: () => this.#prompt(),
      onEnd: () => this.#state === "shell" && this.#system?.logOut(),
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

  /** Switches the power on; settles when the board has booted, or cannot. */
  async powerOn(): Promise<void> {
    if (this.#state !== "off") return;
    this.#power = new AbortController();
    const { signal } = this.#power;
    try {
      await this.#boot(signal);
    } catch (error) {
      // The power went while the board was booting, and everything with it.
      if (!signal.aborted) throw error;
    }
  }

  /** Cuts the power: whatever was under way is gone at once. */
  powerOff(): void {
    if (this.#state === "off") return;
    this.#power.abort();
    this.#state = "off";
    this.#system = undefined;
    this.#tty.reset();
    this.#around.networkDown();
  }

  /** Takes bytes from the serial line. Nobody listens without power, or while the board boots. */
  type(text: string): void {
    if (this.#state === "login" || this.#state === "shell" || this.#state === "busy") {
      this.#tty.feed(text);
    }
  }

  /** Somebody else has written to the storage. */
  mediumChanged(): void {
    if (this.#system === undefined) return;
    this.#around.print(
      "\r\nmmcblk0: medium changed under the running system; reboot to use it\r\n",
    );
    this.#prompt();
  }

  async #boot(signal: AbortSignal): Promise<void> {
    const { hostname, bootTime, print } = this.#around;
    this.#state = "booting";
    const image = await this.#around.readMedium();
    signal.throwIfAborted();
    const lines = image === undefined ? NO_MEDIUM : bootLog(hostname, image);
    for (const line of lines) {
      // In two halves, so that power can go in the middle of a line.
      const half = Math.ceil(line.length / 2);
      print(line.slice(0, half));
      await this.#around.wait(bootTime / lines.length, signal);
      print(`${line.slice(half)}\r\n`);
    }
    if (image === undefined) {
      this.#state = "no medium";
      return;
    }
    this.#startedAt = this.#around.now();
    this.#system = this.#makeSystem(image);
    await this.#around.networkUp(this.#system);
    signal.throwIfAborted();
    this.#askLogin();
  }

  #makeSystem(image: Medium): System {
    const uptime = () => (this.#around.now() - this.#startedAt) / 1000;
    return {
      hostname: this.#around.hostname,
      image,
      get uptime() {
        return uptime();
      },
      readMedium: () => this.#around.readMedium(),
      logOut: () => this.#askLogin(),
      powerOff: () => {
        this.#around.print("System halted.\r\n");
        this.powerOff();
      },
      reboot: () => {
        this.#around.print("Restarting system.\r\n");
        this.powerOff();
        void this.powerOn();
      },
    };
  }

  #askLogin(): void {
    const { hostname, print } = this.#around;
    this.#state = "login";
    print(`\r\nSimulated Board Linux on ${hostname} (log in as root, no password)\r\n\r\n`);
    this.#prompt();
  }

  #prompt(): void {
    const { hostname, print } = this.#around;
    if (this.#state === "login") print(`${hostname} login: `);
    if (this.#state === "shell") print(`root@${hostname}:~# `);
  }

  async #takeLine(line: string): Promise<void> {
    if (this.#state === "login") return this.#logIn(line.trim());
    // What is typed while a program runs is lost: this shell has no jobs.
    if (this.#state !== "shell" || this.#system === undefined) return;
    this.#state = "busy";
    const { signal } = this.#power;
    const output = await runLine(this.#system, line);
    if (signal.aborted) return;
    if (output !== "") this.#around.print(`${output.replaceAll("\n", "\r\n")}\r\n`);
    // Logging out has asked for the next login already.
    if (this.state !== "busy") return;
    this.#state = "shell";
    this.#prompt();
  }

  #logIn(name: string): void {
    if (name === "root") this.#state = "shell";
    else if (name !== "") this.#around.print("Login incorrect\r\n");
    this.#prompt();
  }
}
