import { ExporterService, RouterService } from "@jumpstarter/proto";
import { type Endpoint, type ListenOptions, RpcServer } from "@jumpstarter/lib/rpc";
import { exporterHandlers } from "./exporter_service.ts";
import { routerHandlers } from "./router_service.ts";
import type { Session } from "./session.ts";

/** Serves a session as gRPC on any number of sockets. */
export class SessionServer implements AsyncDisposable {
  #server = new RpcServer();

  constructor(session: Session) {
    this.#server.add(ExporterService, exporterHandlers(session));
    this.#server.add(RouterService, routerHandlers(session));
  }

  /** Serves on one more socket: the clients' and the hooks' sockets show the same session. */
  listen(endpoint: Endpoint, options?: ListenOptions): Promise<Endpoint> {
    return this.#server.listen(endpoint, options);
  }

  /** Stops serving; open calls have a second to end. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.close();
  }
}
