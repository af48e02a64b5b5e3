import { ExporterService, type GetReportResponse, RouterService } from "@jumpstarter/proto";
import { formatStreamRequest, type StreamRequestMetadata } from "../codec/stream_request.ts";
import { fromValue, type Json, toValue } from "../codec/value.ts";
import type { CallOptions, ClientResource, DriverConnection } from "../driver/client.ts";
import type { ContentEncoding, ResourceHandle } from "../driver/resource.ts";
import { ConnectionError, NotImplementedError } from "../errors.ts";
import { Channel, type ChannelOptions, type RpcOptions } from "../rpc/channel.ts";
import { type Endpoint, formatEndpoint } from "../rpc/endpoint.ts";
import { RpcError, type StatusName } from "../rpc/status.ts";
import type { ByteStream } from "../streams/byte_stream.ts";
import { FrameStream } from "../streams/frame_stream.ts";
import { askState, type ExporterState, UNTOLD } from "./exporter_state.ts";
import { driverFailure, reasonOf } from "./failure.ts";
import { NAME_LABEL } from "./tree.ts";

/** What the first call ends with when there is nobody to answer it. */
const UNREACHABLE: readonly StatusName[] = ["UNAVAILABLE", "DEADLINE_EXCEEDED"];

/** Nobody answers where an exporter should be. */
export class UnreachableError extends ConnectionError {
  /** What the first call was told. */
  readonly reason: string;

  constructor(endpoint: Endpoint, error: RpcError) {
    const reason = reasonOf(error);
    const whose = endpoint.kind === "unix" ? 'the "jmp shell" that opened it' : "it";
    super(
      `no exporter answers at ${formatEndpoint(endpoint)} (${reason}); is ${whose} still running?`,
      { cause: error },
    );
    this.reason = reason;
  }
}

/** A session on an exporter, as the drivers' clients use it. */
export class SessionConnection implements DriverConnection, Disposable {
  /** Where the exporter is reached. */
  readonly endpoint: Endpoint;
  /** The gRPC channel, for calls that have no method here. */
  readonly channel: Channel;
  #closing = new AbortController();
  #lost = new AbortController();
  #isWatched = false;
  #exporter = "";

  constructor(endpoint: Endpoint, options: ChannelOptions = {}) {
    this.endpoint = endpoint;
    this.channel = new Channel(endpoint, options);
  }

  /** The device tree; fails with `UnreachableError` when no exporter answers, or not in time. */
  async report(options: CallOptions = {}): Promise<GetReportResponse> {
    const rpcOptions = this.#rpcOptions(options);
    const report = await this.#first(
      "the exporter's report",
      this.channel.unary(ExporterService.getReport, {}, rpcOptions),
    );
    this.#exporter = report.labels[NAME_LABEL] ?? "";
    return report;
  }

  /** What the exporter calls itself in its report; may be empty. */
  get exporter(): string {
    return this.#exporter;
  }

  /** Where the exporter stands; fails as {@linkcode report} does. */
  async greet(options: CallOptions = {}): Promise<ExporterState> {
    const state = this.askState(options).catch((error) => {
      if (error instanceof RpcError && error.status === "UNIMPLEMENTED") return UNTOLD;
      throw error;
    });
    return await this.#first("the exporter's status", state);
  }

  /** Asks where the exporter stands; fails with `RpcError`. */
  async askState(options: CallOptions = {}): Promise<ExporterState> {
    return await askState(this.channel, this.#rpcOptions(options));
  }

  /** Ends when the exporter that has answered goes away; the reason is a `ConnectionError`. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Ends when the connection is closed on this side. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Calls a driver's method that gives one answer. */
  async call(
    uuid: string,
    method: string,
    args: readonly unknown[],
    options: CallOptions = {},
  ): Promise<Json> {
    const request = { uuid, method, args: args.map((arg) => toValue(arg)) };
    try {
      const { result } = await this.channel.unary(
        ExporterService.driverCall,
        request,
        this.#rpcOptions(options),
      );
      return fromValue(result);
    } catch (error) {
      throw driverFailure(method, error);
    }
  }

  /** Calls a driver's method that gives a stream of answers. */
  async *streamingCall(
    uuid: string,
    method: string,
    args: readonly unknown[],
    options: CallOptions = {},
  ): AsyncGenerator<Json> {
    const request = { uuid, method, args: args.map((arg) => toValue(arg)) };
    const rpcOptions = this.#rpcOptions(options);
    try {
      const call = this.channel.serverStream(
        ExporterService.streamingDriverCall,
        request,
        rpcOptions,
      );
      for await (const { result } of call) yield fromValue(result);
    } catch (error) {
      throw driverFailure(method, error);
    }
  }

  /** Opens a driver's byte stream. */
  async stream(uuid: string, method: string, options: CallOptions = {}): Promise<ByteStream> {
    const { stream } = await this.#openStream({ kind: "driver", uuid, method }, method, options);
    return stream;
  }

  /** Offers a stream of bytes to a call of a driver. */
  async openResource(
    uuid: string,
    encoding: ContentEncoding | null,
    options: CallOptions = {},
  ): Promise<ClientResource> {
    const request = { kind: "resource", uuid, encoding } as const;
    const { stream, metadata } = await this.#openStream(request, "resource", options);
    if (metadata.resource === undefined) {
      await stream[Symbol.asyncDispose]();
      throw new ConnectionError("the exporter opened a resource stream without naming it");
    }
    if (encoding !== null && metadata.x_jmp_accept_encoding === undefined) {
      await stream[Symbol.asyncDispose]();
      throw new NotImplementedError(
        `this exporter neither reads nor writes ${encoding}; use the image uncompressed`,
      );
    }
    const handle = JSON.parse(metadata.resource) as ResourceHandle;
    return { handle, stream, [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose]() };
  }

  /** Cancels what is under way and closes the connection. */
  [Symbol.dispose](): void {
    this.#closing.abort();
    this.channel[Symbol.dispose]();
  }

  async #openStream(
    request: StreamRequestMetadata,
    what: string,
    options: CallOptions,
  ): Promise<{ stream: ByteStream; metadata: Readonly<Record<string, string>> }> {
    const call = this.channel.duplex(RouterService.stream, {
      ...this.#rpcOptions(options),
      explain: (error) => driverFailure(what, error),
      metadata: { request: formatStreamRequest(request) },
    });
    try {
      const metadata = await call.metadata;
      const stream = new FrameStream(call.messages, { endsCall: true, close: call.cancel });
      return { stream, metadata };
    } catch (error) {
      call.cancel();
      throw driverFailure(what, error);
    }
  }

  /** Tells what the failure of a session's first call means; from its success on, we watch. */
  async #first<T>(what: string, call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      this.#watch();
      return answer;
    } catch (error) {
      if (!(error instanceof RpcError) || !UNREACHABLE.includes(error.status)) {
        throw driverFailure(what, error);
      }
      throw new UnreachableError(this.endpoint, error);
    }
  }

  #watch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    const where = formatEndpoint(this.endpoint);
    this.channel.onLost(() =>
      this.#lost.abort(new ConnectionError(`the exporter at ${where} went away`))
    );
  }

  #rpcOptions({ timeout, signal }: CallOptions): RpcOptions {
    const closing = this.#closing.signal;
    if (closing.aborted) throw new ConnectionError("the session is closed; open the board again");
    return {
      signal: signal === undefined ? closing : AbortSignal.any([signal, closing]),
      ...(timeout === undefined ? {} : { timeout }),
    };
  }
}
