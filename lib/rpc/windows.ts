import type * as http2 from "node:http2";
import type * as grpc from "@grpc/grpc-js";
import { deferDestroy } from "./deferred_destroy.ts";
import { WINDOW_SIZE } from "./limits.ts";

/** The parts of a grpc-js server that its types hide. */
interface Internals {
  commonServerOptions: http2.ServerOptions;
  http2Servers: Map<http2.Http2Server, unknown>;
}

/**
 * Gives a server's streams a wide flow-control window. grpc-js takes
 * `grpc-node.flow_control_window` for clients only; the default of 64 KiB halves throughput.
 * To be called before the server makes its first HTTP/2 server.
 */
export function widenStreams(server: grpc.Server): void {
  const { commonServerOptions } = server as unknown as Internals;
  commonServerOptions.settings = {
    ...commonServerOptions.settings,
    initialWindowSize: WINDOW_SIZE,
  };
}

/**
 * The same for connections, which also end as {@linkcode deferDestroy} tells: to be called after
 * the HTTP/2 servers are made. `take` is given each of them.
 */
export function widenConnections(
  server: grpc.Server,
  take: (session: http2.ServerHttp2Session) => void,
): void {
  for (const http2Server of (server as unknown as Internals).http2Servers.keys()) {
    http2Server.on("session", (session) => {
      session.setLocalWindowSize(WINDOW_SIZE);
      deferDestroy(session);
      take(session);
    });
  }
}
