import type { Json } from "../codec/value.ts";
import type { ByteStream } from "../streams/byte_stream.ts";
import type { ContentEncoding, ResourceHandle } from "./resource.ts";

/** Options of a call or a stream. */
export interface CallOptions {
  /** Milliseconds after which the call fails; by default it may take as long as the device does. */
  timeout?: number;
  /** Cancels the call or closes the stream. */
  signal?: AbortSignal;
}

/** A stream that a client offers beside a call, and the handle by which the call names it. */
export interface ClientResource extends AsyncDisposable {
  /** Names the stream in the call. */
  readonly handle: ResourceHandle;
  /** Carries the bytes. */
  readonly stream: ByteStream;
}

/** The way from a client to its driver: a session on an exporter. */
export interface DriverConnection {
  /** Calls a method that gives one answer. */
  call(
    uuid: string,
    method: string,
    args: readonly unknown[],
    options?: CallOptions,
  ): Promise<Json>;
  /** Calls a method that gives a stream of answers. */
  streamingCall(
    uuid: string,
    method: string,
    args: readonly unknown[],
    options?: CallOptions,
  ): AsyncGenerator<Json>;
  /** Opens a byte stream. */
  stream(uuid: string, method: string, options?: CallOptions): Promise<ByteStream>;
  /** Offers a stream of bytes to a call. */
  openResource(
    uuid: string,
    encoding: ContentEncoding | null,
    options?: CallOptions,
  ): Promise<ClientResource>;
}

/** One node of the device tree, as the exporter's report describes it. */
export interface ClientNode {
  /** The way to the driver. */
  readonly connection: DriverConnection;
  /** Names the driver in calls. */
  readonly uuid: string;
  /** The key under the parent; empty for the root. */
  readonly name: string;
  /** Labels of the driver, its client label among them. */
  readonly labels: Readonly<Record<string, string>>;
  /** The driver's description from the exporter's file. */
  readonly description: string | undefined;
  /** Help texts by command name, from the exporter's file. */
  readonly methodsDescription: Readonly<Record<string, string>>;
  /** Nodes below this one, by name. */
  readonly children: ReadonlyMap<string, ClientNode>;
}

/** A client class: what `env()` takes in a shape, and what the registry holds by label. */
export interface ClientClass<C extends DriverClient = DriverClient> {
  /** The values of `jumpstarter.dev/client` that this class can talk to. None means all. */
  readonly labels: readonly string[];
  new (node: ClientNode): C;
}

/**
 * Calls one driver. Usable as it is for any driver; a subclass gives its methods names and types.
 *
 * Methods are named as on the wire, in snake case. Numbers come back as doubles.
 */
export class DriverClient {
  /** The values of `jumpstarter.dev/client` that this class can talk to. None means all. */
  static readonly labels: readonly string[] = [];

  /** The place of the driver in the tree. */
  readonly node: ClientNode;

  constructor(node: ClientNode) {
    this.node = node;
  }

  /** The key under which the exporter's file holds the driver; empty for the root. */
  get name(): string {
    return this.node.name;
  }

  /**
   * Calls a method that gives one answer.
   *
   * Fails with `NotImplementedError`, `InvalidArgumentError`, `ExporterNotReadyError`,
   * `ConnectionError`, or `DriverError` for everything else.
   */
  call(method: string, ...args: unknown[]): Promise<Json> {
    return this.invoke(method, args);
  }

  /** {@linkcode call} with options. */
  invoke(method: string, args: readonly unknown[], options?: CallOptions): Promise<Json> {
    return this.node.connection.call(this.node.uuid, method, args, options);
  }

  /** Calls a method that gives a stream of answers; leaving the loop cancels it. */
  streamingCall(method: string, ...args: unknown[]): AsyncGenerator<Json> {
    return this.invokeStreaming(method, args);
  }

  /** {@linkcode streamingCall} with options. */
  invokeStreaming(
    method: string,
    args: readonly unknown[],
    options?: CallOptions,
  ): AsyncGenerator<Json> {
    return this.node.connection.streamingCall(this.node.uuid, method, args, options);
  }

  /** Opens a byte stream to the device. Each stream is a connection of its own. */
  stream(method: string = "connect", options?: CallOptions): Promise<ByteStream> {
    return this.node.connection.stream(this.node.uuid, method, options);
  }

  /** Offers a stream of bytes to a call of this driver; see {@linkcode ClientResource}. */
  openResource(
    encoding: ContentEncoding | null = null,
    options?: CallOptions,
  ): Promise<ClientResource> {
    return this.node.connection.openResource(this.node.uuid, encoding, options);
  }
}
