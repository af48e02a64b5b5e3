import type { StreamSource } from "./stream_source.ts";
import { TcpForward, type TcpForwardOptions } from "./tcp_forward.ts";

/** Which of the two buses of a machine. */
export type BusKind = "system" | "session";

/** The variables in which programs look for a bus. */
const VARIABLES: Readonly<Record<BusKind, string>> = {
  system: "DBUS_SYSTEM_BUS_ADDRESS",
  session: "DBUS_SESSION_BUS_ADDRESS",
};

/**
 * A D-Bus behind a driver's byte stream, as the bus of this process and of the programs it starts:
 * the address of a {@linkcode TcpForward} stands in `DBUS_SYSTEM_BUS_ADDRESS` or
 * `DBUS_SESSION_BUS_ADDRESS` until it is disposed, which puts back what was there. The environment
 * belongs to the whole process, so of two at a time for the same kind, dispose the later one first.
 *
 * ```ts
 * import { DbusForward } from "@jumpstarter/lib/adapters";
 * import type { DriverClient } from "@jumpstarter/lib/driver";
 *
 * export async function unitsOf(bus: DriverClient): Promise<string> {
 *   await using _forward = await DbusForward.listen(bus, "system");
 *   const { stdout } = await new Deno.Command("busctl", { args: ["list"] }).output();
 *   return new TextDecoder().decode(stdout);
 * }
 * ```
 */
export class DbusForward implements AsyncDisposable {
  /** What D-Bus libraries connect to: `tcp:host=127.0.0.1,port=40123`. */
  readonly address: string;
  /** The variable that holds the address. */
  readonly variable: string;
  #forward: TcpForward;
  #before: string | undefined;

  private constructor(kind: BusKind, forward: TcpForward) {
    this.address = `tcp:host=${forward.hostname},port=${forward.port}`;
    this.variable = VARIABLES[kind];
    this.#forward = forward;
    this.#before = Deno.env.get(this.variable);
    Deno.env.set(this.variable, this.address);
  }

  /** Starts to listen; fails with `ConnectionError` when the port is taken or not allowed. */
  static async listen(
    client: StreamSource,
    kind: BusKind,
    options?: TcpForwardOptions,
  ): Promise<DbusForward> {
    return new DbusForward(kind, await TcpForward.listen(client, options));
  }

  /** Settles when the forward has ended; fails when no more connections can be accepted. */
  get done(): Promise<void> {
    return this.#forward.done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Somebody else's value stays; ours is replaced.
    if (Deno.env.get(this.variable) === this.address) {
      if (this.#before === undefined) Deno.env.delete(this.variable);
      else Deno.env.set(this.variable, this.#before);
    }
    await this.#forward[Symbol.asyncDispose]();
  }
}
