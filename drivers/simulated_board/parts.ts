import * as v from "valibot";
import {
  Driver,
  type DriverContext,
  exported,
  type ResourceHandle,
  resourceHandle,
} from "@jumpstarter/lib/driver";
import { ConnectionError } from "@jumpstarter/lib/errors";
import type { ByteStream } from "@jumpstarter/lib/streams";
import { TcpNetwork } from "../network/mod.ts";
import type { FlasherInterface } from "../opendal/mod.ts";
import { offset, type PartialImage, type ResumableFlasher } from "../opendal/partial_image.ts";
import type { PowerInterface, PowerReading } from "../power/mod.ts";
import { PySerial } from "../pyserial/mod.ts";
import type { SimulatedHardware } from "./hardware.ts";
import type { State } from "./machine.ts";

/** What one of the board's drivers is made from. */
type PartContext<Config = unknown> = DriverContext<Config> & { hardware: SimulatedHardware };

/** The board's power supply. */
export class BoardPower extends Driver implements PowerInterface {
  static override readonly client = "jumpstarter_driver_power.client.PowerClient";
  static override readonly driverType = "power";
  #hardware: SimulatedHardware;

  constructor(context: PartContext) {
    super(context);
    this.#hardware = context.hardware;
  }

  @exported
  on(): void {
    this.log.info("power on");
    this.#hardware.machine.powerOn();
  }

  @exported
  off(): void {
    this.log.info("power off");
    this.#hardware.machine.powerOff();
  }

  /** One reading: what the board draws now. */
  @exported
  async *read(): AsyncGenerator<PowerReading> {
    const { voltage, current } = this.#hardware.machine;
    yield { voltage, current };
  }
}

/** The board's serial console: the real serial driver on a simulated line. */
export class BoardSerial extends PySerial {
  #hardware: SimulatedHardware;

  constructor(context: PartContext<ConstructorParameters<typeof PySerial>[0]["config"]>) {
    super(context);
    this.#hardware = context.hardware;
  }

  protected override openPort(): Promise<ByteStream> {
    return Promise.resolve(this.#hardware.uart.open());
  }
}

/** The board's eMMC. */
export class BoardStorage extends Driver implements FlasherInterface, ResumableFlasher {
  static override readonly client = "jumpstarter_driver_opendal.client.FlasherClient";
  static override readonly driverType = "storage";
  #hardware: SimulatedHardware;

  constructor(context: PartContext) {
    super(context);
    this.#hardware = context.hardware;
  }

  @exported(resourceHandle, target())
  async flash(source: ResourceHandle): Promise<void> {
    await this.flashAt(source, 0);
  }

  @exported(resourceHandle, offset, target())
  async flashAt(source: ResourceHandle, offset: number): Promise<void> {
    await using stream = await this.resource(source);
    await this.#hardware.storage.write(stream, offset);
  }

  @exported(target())
  async partial(): Promise<PartialImage | null> {
    return await this.#hardware.storage.partial();
  }

  @exported(resourceHandle, target())
  async dump(sink: ResourceHandle): Promise<void> {
    await using stream = await this.resource(sink);
    await this.#hardware.storage.read(stream);
  }
}

/** The board has one place for images. */
function target() {
  return v.nullish(v.literal("mmcblk0", "the only target is mmcblk0"));
}

/** The board's web server: the real network driver on a port that comes and goes with the power. */
export class BoardWeb extends TcpNetwork {
  #hardware: SimulatedHardware;

  constructor(context: PartContext<ConstructorParameters<typeof TcpNetwork>[0]["config"]>) {
    super(context);
    this.#hardware = context.hardware;
  }

  protected override get port(): number {
    const { web, machine } = this.#hardware;
    if (web.port === undefined) {
      throw new ConnectionError(`connection refused: the board ${withoutNetwork(machine.state)}`);
    }
    return web.port;
  }
}

function withoutNetwork(state: State): string {
  switch (state) {
    case "off":
      return "is off; switch the power on";
    case "stuck":
      return "has nothing to boot; flash an image, then switch the power off and on";
    default:
      return "is still booting; wait for the login on its console";
  }
}
