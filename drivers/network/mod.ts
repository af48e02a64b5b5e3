/**
 * Raw connections to servers that the exporter can reach.
 *
 * @module
 */
export { NetworkClient } from "./client.ts";
export { DbusNetworkClient } from "./dbus_client.ts";
export { DbusNetwork, type DbusNetworkConfig } from "./dbus_network.ts";
export {
  EchoNetwork,
  TcpNetwork,
  type TcpNetworkConfig,
  UdpNetwork,
  type UdpNetworkConfig,
  UnixNetwork,
  type UnixNetworkConfig,
  WebsocketNetwork,
  type WebsocketNetworkConfig,
} from "./driver.ts";
export { VsockNetwork, type VsockNetworkConfig } from "./vsock_network.ts";
