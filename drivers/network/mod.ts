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
  UnixNetwork,
  type UnixNetworkConfig,
} from "./driver.ts";
