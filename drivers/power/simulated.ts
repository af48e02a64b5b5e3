import { Driver, exported, type Schema } from "@jumpstarter/lib/driver";
import * as v from "valibot";
import type { PowerInterface, PowerReading } from "./interface.ts";

/** A power supply without hardware: it logs what it is told, and measures 0 V and then 5 V. */
export class MockPower extends Driver implements PowerInterface {
  static override readonly client = "jumpstarter_driver_power.client.PowerClient";
  static override readonly driverType = "power";
  /** Nothing to set; whatever is there is ignored. */
  static override readonly config: Schema = v.unknown();

  /** Logs `power on`. */
  @exported
  on(): void {
    this.log.info("power on");
  }

  /** Logs `power off`. */
  @exported
  off(): void {
    this.log.info("power off");
  }

  @exported
  async *read(): AsyncGenerator<PowerReading> {
    yield { voltage: 0, current: 0 };
    yield { voltage: 5, current: 2 };
  }
}
