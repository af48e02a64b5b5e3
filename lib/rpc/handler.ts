import type { Duplex, Writable } from "node:stream";
import * as grpc from "@grpc/grpc-js";
import type { Init, Method } from "@jumpstarter/proto";
import { MessageStream } from "./message_stream.ts";
import { statusOf } from "./status.ts";

/** What a handler knows of the call it serves. */
export interface ServerCall {
  /** The full name of the method, with its service: `/package.Service/Method`. */
  readonly method: string;
  /** Ends when the caller cancels or is gone. */
  readonly signal: AbortSignal;
  /** Where the caller is, as the transport says it. */
  readonly peer: string;
  /** A request metadata value; the last one where a key is repeated. */
  header(key: string): string | undefined;
  /** All values of a request metadata key, in order. */
  headers(key: string): readonly string[];
  /** Sends initial metadata now, before any message; they can be sent once. */
  sendHeaders(headers?: Readonly<Record<string, string>>): void;
}

/** Serves one request with one response. */
export type UnaryHandler<Request, Response> = (
  request: Request,
  call: ServerCall,
) => Init<Response> | Promise<Init<Response>>;

/** Serves one request with a stream of responses. */
export type StreamHandler<Request, Response> = (
  request: Request,
  call: ServerCall,
) => AsyncIterable<Init<Response>>;

/** Serves a stream in each direction; the call ends when the handler does. */
export type DuplexHandler<Request, Response> = (
  messages: MessageStream<Request, Init<Response>>,
  call: ServerCall,
) => Promise<void>;

/** Serves a stream of requests with one response. */
export type CollectHandler<Request, Response> = (
  messages: Pick<MessageStream<Request, never>, "read">,
  call: ServerCall,
) => Promise<Init<Response>>;

/** The handler that fits a method. */
export type HandlerOf<M> = M extends Method<infer Request, infer Response, infer In, infer Out>
  ? In extends true
    ? Out extends true ? DuplexHandler<Request, Response> : CollectHandler<Request, Response>
  : Out extends true ? StreamHandler<Request, Response>
  : UnaryHandler<Request, Response>
  : never;

/** Handlers for a service's methods; one that is left out answers UNIMPLEMENTED. */
export type Handlers<Service> = {
  [Name in keyof Service as Service[Name] extends string ? never : Name]?: HandlerOf<Service[Name]>;
};

/** Looks at every call before its handler does; throws for one that is not served. */
export type Guard = (call: ServerCall) => void;

type AnyCall = grpc.ServerUnaryCall<unknown, unknown>;
/** Tells what there is to know of a call, if it may be served. */
type Admit = (call: AnyCall) => ServerCall;

/** Turns a handler into what grpc-js calls. */
export function toGrpcHandler(
  method: Method<unknown, unknown, boolean, boolean>,
  handler: (...given: unknown[]) => unknown,
  guard: Guard = () => {},
): grpc.UntypedHandleCall {
  const admit = (call: AnyCall) => {
    const admitted = serverCall(call, method.path);
    guard(admitted);
    return admitted;
  };
  const serve = method.requestStream && !method.responseStream
    ? (stream: Duplex & AnyCall, reply: grpc.sendUnaryData<unknown>) =>
      serveCollect(stream, reply, handler as never, admit)
    : method.requestStream
    ? (stream: Duplex & AnyCall) => serveDuplex(stream, handler as never, admit)
    : method.responseStream
    ? (stream: Writable & AnyCall) => serveStream(stream, handler as never, admit)
    : (call: AnyCall, reply: grpc.sendUnaryData<unknown>) =>
      serveUnary(call, reply, handler as never, admit);
  return serve as unknown as grpc.UntypedHandleCall;
}

async function serveUnary(
  call: AnyCall,
  reply: grpc.sendUnaryData<unknown>,
  handler: UnaryHandler<unknown, unknown>,
  admit: Admit,
): Promise<void> {
  try {
    reply(null, await handler(call.request, admit(call)));
  } catch (error) {
    reply(statusOf(error));
  }
}

async function serveStream(
  stream: Writable & AnyCall,
  handler: StreamHandler<unknown, unknown>,
  admit: Admit,
): Promise<void> {
  const messages = new MessageStream<never, unknown>(stream as unknown as Duplex);
  try {
    const call = admit(stream);
    for await (const response of handler(stream.request, call)) {
      if (call.signal.aborted) return;
      await messages.write(response);
    }
    messages.end();
  } catch (error) {
    await messages.fail(error);
  }
}

async function serveCollect(
  stream: Duplex & AnyCall,
  reply: grpc.sendUnaryData<unknown>,
  handler: CollectHandler<unknown, unknown>,
  admit: Admit,
): Promise<void> {
  try {
    reply(null, await handler(new MessageStream<unknown, never>(stream), admit(stream)));
  } catch (error) {
    reply(statusOf(error));
  }
}

async function serveDuplex(
  stream: Duplex & AnyCall,
  handler: DuplexHandler<unknown, unknown>,
  admit: Admit,
): Promise<void> {
  const messages = new MessageStream<unknown, Init<unknown>>(stream);
  try {
    await handler(messages, admit(stream));
    messages.end();
  } catch (error) {
    await messages.fail(error);
  }
}

function serverCall(call: AnyCall, method: string): ServerCall {
  // Most handlers are done before anybody could ask for their signal.
  let controller: AbortController | undefined;
  call.on("cancelled", () => controller?.abort());
  return {
    method,
    get signal() {
      if (controller === undefined) {
        controller = new AbortController();
        if (call.cancelled) controller.abort();
      }
      return controller.signal;
    },
    peer: call.getPeer(),
    header: (key) => call.metadata.get(key).at(-1)?.toString(),
    headers: (key) => call.metadata.get(key).map(String),
    sendHeaders(headers = {}) {
      const metadata = new grpc.Metadata();
      for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
      call.sendMetadata(metadata);
    },
  };
}
