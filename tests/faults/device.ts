import { setTimeout as delay } from "node:timers/promises";
import { Driver, exported } from "@jumpstarter/lib/driver";
import { DriverError } from "@jumpstarter/lib/errors";
import { type ByteStream, pipe } from "@jumpstarter/lib/streams";
import * as v from "valibot";

const PLACES = ["constructor", "reset", "call", "items", "bytes", "close"] as const;
/** Where a {@linkcode Device} fails. */
export type Place = typeof PLACES[number];

/** What it does there: `blocks` is a second in which nothing else of its process runs. */
const FAULTS = {
  throws(place: Place): never {
    throw new Error(`the ${place} of this device fails`);
  },
  hangs: () => new Promise<void>(() => {}),
  strays(place: Place) {
    void Promise.reject(new Error(`a promise of the ${place} of this device fails`));
    setTimeout(() => FAULTS.throws(place), 0);
  },
  blocks() {
    for (const end = performance.now() + 1_000; performance.now() < end;);
  },
};

const Config = v.object({
  at: v.optional(v.picklist(PLACES)),
  fault: v.optional(v.picklist(Object.keys(FAULTS) as (keyof typeof FAULTS)[]), "throws"),
});

/** A driver that fails as its settings say, and that one client at a time may stream with. */
export class Device extends Driver<typeof Config> {
  static override readonly client = "test.DeviceClient";
  static override readonly config = Config;
  #held: string[] = [];

  constructor(context: ConstructorParameters<typeof Driver<typeof Config>>[0]) {
    super(context);
    if (this.config.at === "constructor") void FAULTS[this.config.fault]("constructor");
  }

  override async reset(): Promise<void> {
    await this.#at("reset");
  }

  /** What clients have open. */
  @exported
  held(): string[] {
    return this.#held.toSorted();
  }

  /** Answers after a while, in milliseconds. */
  @exported(v.number())
  async wait(time: number): Promise<string> {
    await this.#at("call");
    using _held = this.#hold("call");
    await delay(time);
    return "done";
  }

  /** Counts for ever. */
  @exported
  async *count(): AsyncGenerator<number> {
    await this.#at("items");
    using _held = this.#hold("items");
    for (let number = 0;; number++) {
      yield number;
      await delay(20);
    }
  }

  /** Sends back what it is sent, to one client at a time. */
  @exported.bytes
  async connect(): Promise<ByteStream> {
    await this.#at("bytes");
    if (this.#held.includes("bytes")) throw new DriverError("this device is busy");
    const held = this.#hold("bytes");
    const [near, far] = pipe();
    void echo(far);
    return {
      read: () => near.read(),
      write: (bytes) => near.write(bytes),
      closeWrite: () => near.closeWrite(),
      async [Symbol.asyncDispose]() {
        await near[Symbol.asyncDispose]();
        held[Symbol.dispose]();
      },
    };
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.#at("close");
  }

  #hold(what: string): Disposable {
    this.#held.push(what);
    return { [Symbol.dispose]: () => void this.#held.splice(this.#held.indexOf(what), 1) };
  }

  async #at(place: Place): Promise<void> {
    if (this.config.at !== place) return;
    console.error(`at ${place}`);
    await FAULTS[this.config.fault](place);
  }
}

async function echo(stream: ByteStream): Promise<void> {
  for (let bytes = await stream.read(); bytes !== null; bytes = await stream.read()) {
    await stream.write(bytes);
  }
  await stream.closeWrite();
}
