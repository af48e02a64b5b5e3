import { Buffer } from "node:buffer";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { checkServerIdentity } from "node:tls";
import * as grpc from "@grpc/grpc-js";
import type { Init, Method } from "@jumpstarter/proto";
import { asBuffer } from "./buffer.ts";
import { callError } from "./call_error.ts";
import { deferDestroyOfClients } from "./deferred_destroy.ts";
import { type Endpoint, formatEndpoint } from "./endpoint.ts";
import { MessageStream } from "./message_stream.ts";
import { CLIENT_PING_INTERVAL, CLIENT_PING_TIMEOUT, WINDOW_SIZE } from "./limits.ts";
import type { RpcError } from "./status.ts";

deferDestroyOfClients();

/** Notices an exporter that has vanished in a network. */
const KEEPALIVE: grpc.ChannelOptions = {
  "grpc.keepalive_time_ms": CLIENT_PING_INTERVAL,
  "grpc.keepalive_timeout_ms": CLIENT_PING_TIMEOUT,
  "grpc.keepalive_permit_without_calls": 1,
};

/** Stands in TLS for the name of a server that is reached by its address. */
const NO_NAME = "address.invalid";

/** Options of one call. */
export interface RpcOptions {
  /** Milliseconds after which the call fails with DEADLINE_EXCEEDED; none by default. */
  timeout?: number;
  /** Cancels the call. */
  signal?: AbortSignal;
  /** Request metadata. */
  metadata?: Readonly<Record<string, string>>;
}

/** Options of a streaming call in both directions. */
export interface DuplexOptions extends RpcOptions {
  /** Makes the error that reads and writes fail with when the call breaks. */
  explain?: (error: RpcError) => Error;
}

/** Options of a channel. */
export interface ChannelOptions {
  /** Speaks TLS and verifies the server; plaintext without it. */
  tls?: {
    /** Certificates to trust, PEM; by default those that Node.js trusts. */
    ca?: string;
  };
  /** Sent with every call. */
  metadata?: Readonly<Record<string, string>>;
}

/** A streaming call in both directions, seen from the client. */
export interface DuplexCall<Request, Response> {
  /** Both directions of the call. */
  readonly messages: MessageStream<Response, Request>;
  /** The server's initial metadata. */
  readonly metadata: Promise<Readonly<Record<string, string>>>;
  /** Ends the call, whatever is under way. */
  cancel(): void;
}

/** A connection to a gRPC server; it connects with the first call, and again when it was lost. */
export class Channel implements Disposable {
  #client: grpc.Client;
  #metadata: Readonly<Record<string, string>>;

  constructor(endpoint: Endpoint, options: ChannelOptions = {}) {
    const target = endpoint.kind === "unix"
      ? `unix:${endpoint.path}`
      : `dns:${formatEndpoint(endpoint)}`;
    // TLS names no address as the server's name, and grpc-js would.
    const address = endpoint.kind === "tcp" && isIP(endpoint.hostname) ? endpoint.hostname : "";
    this.#client = new grpc.Client(target, credentialsOf(options, address), {
      "grpc-node.flow_control_window": WINDOW_SIZE,
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_retries": 0,
      // A session is on this machine or in this lab; a proxy for the web is not the way to it.
      "grpc.enable_http_proxy": 0,
      // Only what is lost ends a connection; this is the longest time that a timer takes.
      "grpc.client_idle_timeout_ms": 0x7fffffff,
      ...(endpoint.kind === "tcp" ? KEEPALIVE : {}),
      ...(address === "" ? {} : { "grpc.ssl_target_name_override": NO_NAME }),
    });
    this.#metadata = options.metadata ?? {};
  }

  /** One request, one response. */
  unary<Request, Response>(
    method: Method<Request, Response, false, false>,
    request: Init<Request>,
    options: RpcOptions = {},
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        method.path,
        ...serializers(method),
        request,
        this.#metadataFor(options),
        callOptions(options),
        (error, response) => {
          release();
          if (error) reject(callError(error));
          else resolve(response as Response);
        },
      );
      const release = onAbort(options.signal, () => call.cancel());
    });
  }

  /** One request, a stream of responses; leaving the loop cancels the call. */
  async *serverStream<Request, Response>(
    method: Method<Request, Response, false, true>,
    request: Init<Request>,
    options: RpcOptions = {},
  ): AsyncGenerator<Response> {
    const call = this.#client.makeServerStreamRequest(
      method.path,
      ...serializers(method),
      request,
      this.#metadataFor(options),
      callOptions(options),
    );
    const release = onAbort(options.signal, () => call.cancel());
    // Not the stream's own iterator: it drops what was received before an error. What arrives
    // together with the error, grpc-js itself drops.
    const messages = new MessageStream<Response, never>(call as unknown as Duplex);
    try {
      for (let next = await messages.read(); next !== null; next = await messages.read()) {
        yield next;
      }
    } finally {
      release();
      call.cancel();
    }
  }

  /** A stream of requests, one response. */
  async clientStream<Request, Response>(
    method: Method<Request, Response, true, false>,
    requests: AsyncIterable<Init<Request>>,
    options: RpcOptions = {},
  ): Promise<Response> {
    const answered = Promise.withResolvers<Response>();
    const call = this.#client.makeClientStreamRequest(
      method.path,
      ...serializers(method),
      this.#metadataFor(options),
      callOptions(options),
      (error, response) => {
        if (error) answered.reject(callError(error));
        else answered.resolve(response as Response);
      },
    );
    const release = onAbort(options.signal, () => call.cancel());
    const over = answered.promise.then(() => true, () => true);
    try {
      for await (const request of requests) {
        const drained = new Promise<boolean>((resolve) => {
          if (call.write(request)) resolve(false);
          else call.once("drain", () => resolve(false));
        });
        if (await Promise.race([over, drained])) break; // the answer came before the end
      }
      call.end();
      return await answered.promise;
    } finally {
      release();
      call.cancel();
    }
  }

  /** A stream in each direction. Dropping it needs `cancel()`. */
  duplex<Request, Response>(
    method: Method<Request, Response, true, true>,
    options: DuplexOptions = {},
  ): DuplexCall<Init<Request>, Response> {
    const call = this.#client.makeBidiStreamRequest(
      method.path,
      ...serializers(method),
      this.#metadataFor(options),
      callOptions(options),
    );
    const release = onAbort(options.signal, () => call.cancel());
    call.on("close", release);
    const metadata = new Promise<Record<string, string>>((resolve, reject) => {
      call.on("metadata", (received: grpc.Metadata) => resolve(plain(received)));
      call.on("error", (error) => reject(callError(error)));
    });
    metadata.catch(() => {}); // not every caller waits for it
    return {
      messages: new MessageStream(call as unknown as Duplex, options.explain),
      metadata,
      cancel: () => call.cancel(),
    };
  }

  /** Calls back once when the connection that is up now is lost, but not when it is closed here. */
  onLost(callback: () => void): void {
    const channel = this.#client.getChannel();
    const { READY, SHUTDOWN } = grpc.connectivityState;
    channel.watchConnectivityState(READY, Infinity, () => {
      if (channel.getConnectivityState(false) !== SHUTDOWN) callback();
    });
  }

  /** Closes the connection; calls under way fail. */
  [Symbol.dispose](): void {
    this.#client.close();
  }

  #metadataFor(options: RpcOptions): grpc.Metadata {
    const metadata = new grpc.Metadata();
    const entries = { ...this.#metadata, ...options.metadata };
    for (const [key, value] of Object.entries(entries)) metadata.set(key, value);
    return metadata;
  }
}

function credentialsOf({ tls }: ChannelOptions, address: string): grpc.ChannelCredentials {
  if (tls === undefined) return grpc.credentials.createInsecure();
  const ca = tls.ca === undefined ? null : Buffer.from(tls.ca);
  return grpc.credentials.createSsl(ca, null, null, {
    checkServerIdentity: (name, certificate) =>
      checkServerIdentity(name === NO_NAME ? address : name, certificate as never),
  });
}

function serializers<Request, Response>(method: Method<Request, Response, boolean, boolean>): [
  (request: Init<Request>) => Buffer,
  (bytes: Buffer) => Response,
] {
  return [
    (request) => asBuffer(method.request.encode(request)),
    (bytes) => method.response.decode(bytes),
  ];
}

function callOptions(options: RpcOptions): grpc.CallOptions {
  return options.timeout === undefined ? {} : { deadline: Date.now() + options.timeout };
}

function onAbort(signal: AbortSignal | undefined, cancel: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) queueMicrotask(cancel);
  signal.addEventListener("abort", cancel, { once: true });
  return () => signal.removeEventListener("abort", cancel);
}

function plain(metadata: grpc.Metadata): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata.getMap()).map(([key, value]) => [key, String(value)]),
  );
}
