/**
 * What turns a driver's byte stream into something else: a TCP or UDP port, a Unix socket, a D-Bus,
 * a console, a dialogue, an SSH session.
 *
 * @module
 */
export { type ConsoleEnd, type ConsoleOptions, runConsole } from "./console.ts";
export { type BusKind, DbusForward } from "./dbus_forward.ts";
export { EscapeSequence, type Keys } from "./escape_sequence.ts";
export { Expect, type Expected, type ExpectOptions, type UntilOptions } from "./expect.ts";
export type { ForwardServerOptions } from "./forward_server.ts";
export {
  type HostKeys,
  type SshOptions,
  type SshResult,
  type SshTarget,
  sshThrough,
} from "./ssh.ts";
export type { StreamSource } from "./stream_source.ts";
export { TcpForward, type TcpForwardOptions } from "./tcp_forward.ts";
export { UnixForward, type UnixForwardOptions } from "./unix_forward.ts";
export { UdpForward, type UdpForwardOptions } from "./udp_forward.ts";
