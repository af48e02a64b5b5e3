import type {
  TcpForward,
  TcpForwardOptions,
  UdpForward,
  UdpForwardOptions,
  UnixForward,
  UnixForwardOptions,
} from "@jumpstarter/lib/adapters";
import { DriverClient } from "@jumpstarter/lib/driver";

/**
 * Reaches a server that only the exporter can reach.
 *
 * ```ts
 * import type { NetworkClient } from "@jumpstarter/drivers/network";
 *
 * export async function fetchStatus(web: NetworkClient): Promise<unknown> {
 *   await using forward = await web.portForward();
 *   const response = await fetch(`http://127.0.0.1:${forward.port}/status`);
 *   return await response.json();
 * }
 * ```
 */
export class NetworkClient extends DriverClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_network.client.NetworkClient",
  ];

  /**
   * Where the server is as the exporter sees it, for example `tcp://192.0.2.7:22`. Fails with
   * `InvalidArgumentError` when the exporter hides it, with `NotImplementedError` when it has none.
   */
  async address(): Promise<string> {
    return String(await this.call("address"));
  }

  /** Makes a TCP port on this machine that leads to the server. */
  async portForward(options?: TcpForwardOptions): Promise<TcpForward> {
    const { TcpForward } = await import("@jumpstarter/lib/adapters");
    return await TcpForward.listen(this, options);
  }

  /** Makes a UDP port on this machine that leads to the server; for `UdpNetwork`. */
  async udpForward(options?: UdpForwardOptions): Promise<UdpForward> {
    const { UdpForward } = await import("@jumpstarter/lib/adapters");
    return await UdpForward.listen(this, options);
  }

  /** Makes a Unix socket on this machine that leads to the server. */
  async unixForward(options?: UnixForwardOptions): Promise<UnixForward> {
    const { UnixForward } = await import("@jumpstarter/lib/adapters");
    return await UnixForward.listen(this, options);
  }
}
