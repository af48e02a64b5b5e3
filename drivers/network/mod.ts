/**
 * Raw connections to servers that the exporter can reach.
 *
 * @module
 */
export { NetworkClient } from "./client.ts";
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
