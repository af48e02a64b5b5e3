import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { Server } from "node:net";
import { Server as TlsServer } from "node:tls";
import { ListeningSocket, type TcpEndpoint, type TlsIdentity } from "@jumpstarter/lib/rpc";

/** What is answered. */
export interface Page {
  /** The HTTP status; 200 unless given. */
  readonly status?: number;
  /** The media type. */
  readonly type: string;
  /** The text. */
  readonly text: string;
}

/** What is answered on a path, and to whom. */
export type Pages = Readonly<Record<string, (headers: Headers) => Page | Promise<Page>>>;

/** What {@linkcode WebServer.listen} takes. */
export interface WebServerOptions {
  /** Where to listen; port 0 takes a free one. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
  /** Speaks TLS with this certificate; plain HTTP without it. */
  readonly identity?: TlsIdentity;
  /** What is answered on which path. */
  readonly pages: Pages;
  /** Is told of a page that fails. */
  readonly onFault: (error: unknown) => void;
}

/** More connections are not taken. */
const MAX_CONNECTIONS = 200;
/** How long the head of a request may take, and a connection idle, milliseconds. */
const PATIENCE = 10_000;
/** Nothing of these pages is for other pages. */
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Serves a few pages that are only read. */
export class WebServer implements AsyncDisposable {
  /** Where it listens, with the port that came of port 0. */
  readonly endpoint: TcpEndpoint;
  readonly #server: Server;
  readonly #socket: ListeningSocket<TcpEndpoint>;

  private constructor(server: Server, socket: ListeningSocket<TcpEndpoint>) {
    this.endpoint = socket.endpoint;
    this.#server = server;
    this.#socket = socket;
  }

  /** Starts to listen; rejects when the address cannot be had. */
  static async listen(options: WebServerOptions): Promise<WebServer> {
    const { identity, hostname, port, pages, onFault } = options;
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      serve(pages, request, response).catch((error) => {
        onFault(error);
        response.destroy();
      });
    };
    const limits = { headersTimeout: PATIENCE, requestTimeout: PATIENCE };
    const server = identity === undefined
      ? createHttp(limits, answer)
      : createHttps({ ...limits, ...identity, handshakeTimeout: PATIENCE }, answer);
    server.keepAliveTimeout = PATIENCE;
    server.maxConnections = MAX_CONNECTIONS;
    const socket = await ListeningSocket.open(server, { kind: "tcp", hostname, port });
    return new WebServer(server, socket);
  }

  /** Shows another certificate from the next connection on, where TLS is spoken. */
  useIdentity(identity: TlsIdentity): void {
    if (this.#server instanceof TlsServer) this.#server.setSecureContext({ ...identity });
  }

  /** Takes no more requests, and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#socket.close();
    (this.#server as ReturnType<typeof createHttp>).closeAllConnections();
    await closed;
  }
}

async function serve(
  pages: Pages,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = URL.parse(request.url ?? "/", "http://controller") ?? { pathname: "" };
  const page = Object.hasOwn(pages, pathname) ? pages[pathname] : undefined;
  const isRead = ["GET", "HEAD"].includes(request.method ?? "");
  const { status = 200, type, text } = page === undefined
    ? { status: 404, type: "text/plain", text: "404: there is nothing here\n" }
    : !isRead
    ? { status: 405, type: "text/plain", text: "405: pages are only read\n" }
    : await page(new Headers({ accept: request.headers.accept ?? "" }));
  const body = new TextEncoder().encode(text);
  response.writeHead(status, {
    ...HEADERS,
    "content-type": type,
    "content-length": body.length,
    ...(isRead ? {} : { connection: "close" }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
