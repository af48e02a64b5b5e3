import type { Codec } from "./codec.ts";

/** One method of a gRPC service. */
export interface Method<
  Request,
  Response,
  RequestStream extends boolean = false,
  ResponseStream extends boolean = false,
> {
  /** HTTP/2 path, such as `/jumpstarter.v1.ExporterService/GetReport`. */
  readonly path: string;
  /** Whether the caller sends any number of requests, instead of one. */
  readonly requestStream: RequestStream;
  /** Whether the callee sends any number of responses, instead of one. */
  readonly responseStream: ResponseStream;
  /** Codec of what the caller sends. */
  readonly request: Codec<Request>;
  /** Codec of what the callee sends. */
  readonly response: Codec<Response>;
}

/** A gRPC service: its methods by name in lower camel case. */
export type ServiceDefinition = Readonly<
  Record<string, Method<unknown, unknown, boolean, boolean>>
>;

/** A method with one request and one response. */
export function unary<Q, S>(path: string, request: Codec<Q>, response: Codec<S>): Method<Q, S> {
  return { path, requestStream: false, responseStream: false, request, response };
}

/** A method with one request and any number of responses. */
export function serverStream<Q, S>(
  path: string,
  request: Codec<Q>,
  response: Codec<S>,
): Method<Q, S, false, true> {
  return { path, requestStream: false, responseStream: true, request, response };
}

/** A method with any number of requests and one response. */
export function clientStream<Q, S>(
  path: string,
  request: Codec<Q>,
  response: Codec<S>,
): Method<Q, S, true, false> {
  return { path, requestStream: true, responseStream: false, request, response };
}

/** A method with any number of requests and of responses. */
export function bidiStream<Q, S>(
  path: string,
  request: Codec<Q>,
  response: Codec<S>,
): Method<Q, S, true, true> {
  return { path, requestStream: true, responseStream: true, request, response };
}
