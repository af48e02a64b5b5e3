import { ExporterService, type GetReportResponse, RouterService } from "@jumpstarter/proto";
import { formatStreamRequest, type StreamRequestMetadata } from "../codec/stream_request.ts";
import { fromValue, type Json, toValue } from "../codec/value.ts";
import type { CallOptions, ClientResource, DriverConnection } from "../driver/client.ts";
import type { ContentEncoding, ResourceHandle } from "../driver/resource.ts";
import { ConnectionError, NotImplementedError } from "../errors.ts";
import { Channel, type RpcOptions } from "../rpc/channel.ts";
import { type Endpoint, formatEndpoint } from "../rpc/endpoint.ts";
import { RpcError, type StatusName } from "../rpc/status.ts";
import type { ByteStream } from "../streams/byte_stream.ts";
import { FrameStream } from "../streams/frame_stream.ts";
import { driverFailure, reasonOf } from "./failure.ts";

/** What the first call ends with when there is nobody to answer it. */
const UNREACHABLE: readonly StatusName[] = ["UNAVAILABLE", "DEADLINE_EXCEEDED"];

/** A session on an exporter, as the drivers' clients use it. */
export class SessionConnection implements DriverConnection, Disposable {
  /** Where the exporter is reached. */
  readonly endpoint: Endpoint;
  /** The gRPC channel, for calls that have no method here. */
  readonly channel: Channel;
  #closing = new AbortController();
  #lost = new AbortController();

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
    this.channel = new Channel(endpoint);
  }

  /** The device tree; fails with `ConnectionError` when no exporter answers, or not in time. */
  async report(options: CallOptions = {}): Promise<GetReportResponse> {
    try {
      const report = await this.channel.unary(
        ExporterService.getReport,
        {},
        this.#rpcOptions(options),
      );
      this.channel.onLost(() =>
        this.#lost.abort(
          new ConnectionError(`the exporter at ${formatEndpoint(this.endpoint)} went away`),
        )
      );
      return report;
    } catch (error) {
      if (!(error instanceof RpcError) || !UNREACHABLE.includes(error.status)) {
        throw driverFailure("the exporter's report", error);
      }
      throw new ConnectionError(
        `no exporter answers at ${formatEndpoint(this.endpoint)} (${reasonOf(error)}); ` +
          `is the "jmp shell" that opened it still running?`,
        { cause: error },
      );
    }
  }

  /** Ends when the exporter that has reported goes away; the reason is a `ConnectionError`. */
  get lost(): AbortSignal {
    return this.#lost.signal;
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

  #rpcOptions({ timeout, signal }: CallOptions): RpcOptions {
    const closing = this.#closing.signal;
    if (closing.aborted) throw new ConnectionError("the session is closed; open the board again");
    return {
      signal: signal === undefined ? closing : AbortSignal.any([signal, closing]),
      ...(timeout === undefined ? {} : { timeout }),
    };
  }
}
