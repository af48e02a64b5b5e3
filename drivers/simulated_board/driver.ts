import * as v from "valibot";
import { Driver, type DriverContext, type Schema } from "@jumpstarter/lib/driver";
import { ConfigError } from "@jumpstarter/lib/errors";
import { SimulatedHardware } from "./hardware.ts";
import { BoardPower, BoardSerial, BoardStorage, BoardWeb } from "./parts.ts";

/** Settings of {@linkcode SimulatedBoard}. */
export interface SimulatedBoardConfig {
  /** The board's name for itself. */
  hostname: string;
  /** Milliseconds from power to login, besides reading the image. */
  boot_time: number;
  /** Size of the eMMC, bytes. */
  storage_size: number;
}

/** A small computer that is not there: power, serial console, storage and network of one board. */
export class SimulatedBoard extends Driver<SimulatedBoardConfig> {
  static override readonly client = "jumpstarter_driver_composite.client.CompositeClient";
  static override readonly driverType = "composite";
  static override readonly config: Schema<SimulatedBoardConfig> = v.strictObject({
    hostname: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,63}$/)), "board"),
    boot_time: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000)), 300),
    storage_size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 268_435_456),
  });

  #hardware: SimulatedHardware;

  constructor(context: DriverContext<SimulatedBoardConfig>) {
    if (context.children.size > 0) {
      throw new ConfigError(`"${context.name}" is a simulated board: it makes its children itself`);
    }
    const children = new Map<string, Driver>();
    super({ ...context, children });
    const { hostname, boot_time: bootTime, storage_size: storageSize } = this.config;
    const hardware = new SimulatedHardware({
      hostname,
      bootTime,
      storageSize,
      onFault: (error) => this.log.error(`the board has failed: ${(error as Error).message}`),
    });
    this.#hardware = hardware;
    const part = <C>(name: string, config: C) => ({ ...this.childContext(name, config), hardware });
    const serial = {
      url: "loop://",
      baudrate: 115_200,
      check_present: false,
      cps: null,
      disable_hupcl: false,
    };
    children.set("power", new BoardPower(part("power", {})));
    children.set("serial", new BoardSerial(part("serial", serial)));
    children.set("storage", new BoardStorage(part("storage", {})));
    const web = { host: "127.0.0.1", port: 0, enable_address: true };
    children.set("web", new BoardWeb(part("web", web)));
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.#hardware[Symbol.asyncDispose]();
  }
}
