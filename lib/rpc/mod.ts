/**
 * gRPC on Deno: endpoints, client channels, a server over sockets and injected streams, deadlines,
 * and the mapping between errors and statuses.
 *
 * @module
 */
export { GONE } from "./call_error.ts";
export {
  Channel,
  type ChannelOptions,
  type DuplexCall,
  type DuplexOptions,
  type RpcOptions,
} from "./channel.ts";
export { deferDestroy } from "./deferred_destroy.ts";
export { type Endpoint, formatEndpoint, parseEndpoint, type TcpEndpoint } from "./endpoint.ts";
export type {
  CollectHandler,
  DuplexHandler,
  Guard,
  HandlerOf,
  Handlers,
  ServerCall,
  StreamHandler,
  UnaryHandler,
} from "./handler.ts";
export { CLOSE_GRACE, WINDOW_SIZE } from "./limits.ts";
export { isTrial, ListeningSocket } from "./listening_socket.ts";
export { MessageStream } from "./message_stream.ts";
export {
  type ListenOptions,
  RpcServer,
  type RpcServerOptions,
  type TlsIdentity,
} from "./server.ts";
export { SocketDir } from "./socket_dir.ts";
export { RpcError, Status, type StatusName, statusName, statusOf } from "./status.ts";
