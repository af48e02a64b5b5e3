/**
 * Tunnels through a router: what `Dial` and `Listen` answer goes in, a byte stream comes out.
 *
 * @module
 */
export { asDuplex } from "./duplex.ts";
export { openTunnel, type TunnelOptions, type TunnelTicket } from "./tunnel.ts";
export { type Dial, listenForTunnels, type TunnelSocketOptions } from "./tunnel_socket.ts";
