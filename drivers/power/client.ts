import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, DriverClient } from "@jumpstarter/lib/driver";
import { DriverError } from "@jumpstarter/lib/errors";
import type { PowerReading } from "./interface.ts";

/** A reading as clients get it. */
export interface PowerMeasurement extends PowerReading {
  /** Volt-amperes: voltage times current. */
  readonly apparentPower: number;
}

/**
 * Switches a device's power and measures it.
 *
 * ```ts
 * import type { PowerClient } from "@jumpstarter/drivers/power";
 *
 * export async function restart(power: PowerClient) {
 *   await power.cycle(500);
 *   for await (const { voltage, current } of power.read()) console.log(voltage, "V", current, "A");
 * }
 * ```
 */
export class PowerClient extends DriverClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_power.client.PowerClient",
  ];

  /** Turns the power on. */
  async on(): Promise<void> {
    await this.call("on");
  }

  /** Turns the power off. */
  async off(): Promise<void> {
    await this.call("off");
  }

  /**
   * Turns the power off, waits, and turns it on again. An abort during the wait leaves it off.
   *
   * @param wait Milliseconds between off and on.
   */
  async cycle(wait = 2000, options: Pick<CallOptions, "signal"> = {}): Promise<void> {
    await this.invoke("off", [], options);
    await delay(wait, undefined, options);
    await this.invoke("on", [], options);
  }

  /** Starts the device in its rescue mode, where the hardware has one. */
  async rescue(): Promise<void> {
    await this.call("rescue");
  }

  /** Measures; how many readings come is up to the driver. Leaving the loop ends them. */
  async *read(options?: CallOptions): AsyncGenerator<PowerMeasurement> {
    for await (const reading of this.invokeStreaming("read", [], options)) {
      yield measurement(reading);
    }
  }
}

function measurement(reading: unknown): PowerMeasurement {
  const { voltage, current } = (reading ?? {}) as Record<string, unknown>;
  if (typeof voltage !== "number" || typeof current !== "number") {
    throw new DriverError(`the driver sent ${JSON.stringify(reading)}, which is no power reading`);
  }
  return { voltage, current, apparentPower: voltage * current };
}
