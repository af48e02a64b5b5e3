import type { Expect, ExpectOptions } from "@jumpstarter/lib/adapters";
import { type CallOptions, DriverClient } from "@jumpstarter/lib/driver";

/**
 * Talks to a device over its serial port.
 *
 * ```ts
 * import type { PySerialClient } from "@jumpstarter/drivers/pyserial";
 *
 * export async function logIn(serial: PySerialClient) {
 *   await using console = await serial.expect();
 *   await console.until("login:", { within: 60_000 });
 *   await console.sendLine("root");
 * }
 * ```
 */
export class PySerialClient extends DriverClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_pyserial.client.PySerialClient",
  ];

  /** Opens the port for a dialogue: wait for what the device says, and answer. */
  async expect(options: ExpectOptions & CallOptions = {}): Promise<Expect> {
    const { Expect } = await import("@jumpstarter/lib/adapters");
    return new Expect(await this.stream("connect", options), options);
  }

  /** Raises or lowers the DTR line. */
  async setDtr(value: boolean): Promise<void> {
    await this.call("set_dtr", value);
  }

  /** Raises or lowers the RTS line. */
  async setRts(value: boolean): Promise<void> {
    await this.call("set_rts", value);
  }

  /** Closes the port on the exporter; a stream that is open ends. */
  async close(): Promise<void> {
    await this.call("close");
  }

  /**
   * Waits until everything written to the last stream, whose writing side must be closed, has left
   * the port. Fails with `NotImplementedError` on Python exporters.
   */
  async drain(options?: CallOptions): Promise<void> {
    await this.invoke("drain", [], options);
  }
}
