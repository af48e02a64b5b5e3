import { BlockDevice } from "./block_device.ts";
import { Machine } from "./machine.ts";
import { Uart } from "./uart.ts";
import { WebServer } from "./web_server.ts";

/** What makes one board different from another. */
export interface BoardOptions {
  hostname: string;
  /** Milliseconds from power to login, besides reading the image. */
  bootTime: number;
  /** Bytes. */
  storageSize: number;
  /** The simulation itself has failed. */
  onFault(error: unknown): void;
}

/** The board's parts, wired up: the computer, its serial line, its storage, its web server. */
export class SimulatedHardware implements AsyncDisposable {
  readonly storage: BlockDevice;
  readonly web: WebServer = new WebServer();
  readonly uart: Uart;
  readonly machine: Machine;

  constructor({ hostname, bootTime, storageSize, onFault }: BoardOptions) {
    this.storage = new BlockDevice(storageSize, () => this.machine.mediumChanged());
    this.uart = new Uart((text) => this.machine.type(text));
    this.machine = new Machine({
      hostname,
      bootTime,
      print: (text) => this.uart.print(text),
      readMedium: (signal) => this.storage.inspect(signal),
      now: () => performance.now(),
      wait,
      networkUp: (system) => this.web.start(system),
      networkDown: () => this.web.stop(),
      onFault,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.machine[Symbol.asyncDispose]();
    await this.web[Symbol.asyncDispose]();
    await this.storage[Symbol.asyncDispose]();
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", stopped, { once: true });
    if (signal.aborted) stopped();

    function done(): void {
      signal.removeEventListener("abort", stopped);
      resolve();
    }
    function stopped(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
  });
}
