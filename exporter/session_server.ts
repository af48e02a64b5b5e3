import { ExporterService, RouterService } from "@jumpstarter/proto";
import {
  type Endpoint,
  type ListenOptions,
  RpcServer,
  type RpcServerOptions,
} from "@jumpstarter/lib/rpc";
import type { ClientList } from "./direct/client_list.ts";
import { exporterHandlers } from "./exporter_service.ts";
import { routerHandlers } from "./router_service.ts";
import type { Session } from "./session.ts";

/** Options of a {@linkcode SessionServer}. */
export interface SessionServerOptions extends RpcServerOptions {
  /** Keeps who is there, and tells those who come of it. */
  clients?: ClientList;
}

/** Serves a session as gRPC on any number of sockets. */
export class SessionServer implements AsyncDisposable {
  #server: RpcServer;

  constructor(session: Session, { clients, ...options }: SessionServerOptions = {}) {
    this.#server = new RpcServer(options);
    this.#server.add(ExporterService, exporterHandlers(session, clients));
    this.#server.add(RouterService, routerHandlers(session));
  }

  /** Serves on one more socket: the clients' and the hooks' sockets show the same session. */
  listen(endpoint: Endpoint, options?: ListenOptions): Promise<Endpoint> {
    return this.#server.listen(endpoint, options);
  }

  /** Resolves as soon as nobody is connected. */
  idle(signal?: AbortSignal): Promise<void> {
    return this.#server.idle(signal);
  }

  /** Stops serving; open calls have a second to end. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.close();
  }
}
