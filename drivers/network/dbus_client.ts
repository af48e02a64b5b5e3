import type { BusKind, DbusForward, TcpForwardOptions } from "@jumpstarter/lib/adapters";
import { InvalidArgumentError } from "@jumpstarter/lib/errors";
import { NetworkClient } from "./client.ts";

/** The label of the report that says which bus a driver leads to. */
export const BUS_KIND_LABEL = "jumpstarter.dev/dbusnetwork/kind";

/**
 * Reaches a D-Bus of the exporter's machine.
 *
 * ```ts
 * import type { DbusNetworkClient } from "@jumpstarter/drivers/network";
 *
 * export async function restart(bus: DbusNetworkClient, unit: string): Promise<boolean> {
 *   await using _forward = await bus.busForward();
 *   const args = ["call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1"];
 *   args.push("org.freedesktop.systemd1.Manager", "RestartUnit", "ss", unit, "replace");
 *   return (await new Deno.Command("busctl", { args }).output()).success;
 * }
 * ```
 */
export class DbusNetworkClient extends NetworkClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_network.client.DbusNetworkClient",
  ];

  /** Which bus it is; fails with `InvalidArgumentError` when the exporter does not say so. */
  get kind(): BusKind {
    const kind = this.node.labels[BUS_KIND_LABEL];
    if (kind === "system" || kind === "session") return kind;
    throw new InvalidArgumentError(
      `the exporter says of ${this.name} neither "system" nor "session" in its label ` +
        `${BUS_KIND_LABEL}, but ${kind === undefined ? "nothing" : `"${kind}"`}`,
    );
  }

  /** Makes it the bus of this process and its children, until what this gives is disposed. */
  async busForward(options?: TcpForwardOptions): Promise<DbusForward> {
    const { DbusForward } = await import("@jumpstarter/lib/adapters");
    return await DbusForward.listen(this, this.kind, options);
  }
}
