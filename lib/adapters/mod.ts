/**
 * What turns a driver's byte stream into something else: a TCP port, a Unix socket, a console, a
 * dialogue.
 *
 * @module
 */
export { type ConsoleEnd, type ConsoleOptions, runConsole } from "./console.ts";
export { EscapeSequence, type Keys } from "./escape_sequence.ts";
export { Expect, type Expected, type ExpectOptions, type UntilOptions } from "./expect.ts";
export type { ForwardServerOptions } from "./forward_server.ts";
export type { StreamSource } from "./stream_source.ts";
export { TcpForward, type TcpForwardOptions } from "./tcp_forward.ts";
export { UnixForward, type UnixForwardOptions } from "./unix_forward.ts";
