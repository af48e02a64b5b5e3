import type { ServerHttp2Stream } from "node:http2";
import { RouterService } from "@jumpstarter/proto";
import { RpcError, statusOf } from "@jumpstarter/lib/rpc";
import type { Call, ServeCall } from "./call.ts";
import { questions } from "../grpc/mod.ts";
import { discard, trailersOf } from "./end.ts";
import type { RouterLimits } from "./limits.ts";
import { serveQuestion } from "./serve_question.ts";

const SERVED = ["jumpstarter.v1.RouterService"];

/** The methods of a router, by path. */
export function methodsOf(
  serveTunnel: ServeCall,
  { questionTime }: RouterLimits,
): ReadonlyMap<string, ServeCall> {
  return new Map([
    [RouterService.stream.path, serveTunnel],
    ...questions(SERVED).map((question): [string, ServeCall] => [
      question.method.path,
      (call) => serveQuestion(call, question, questionTime),
    ]),
  ]);
}

/** What serves a call; `undefined` for what is no gRPC and has its answer. */
export function route(
  { stream, headers, rawHeaders }: Call,
  methods: ReadonlyMap<string, ServeCall>,
  headerBytes: number,
): ServeCall | undefined {
  // HTTP/2 tells callers of the bound, and Deno lets them exceed it.
  if (rawHeaders.reduce((sum, { length }) => sum + length, 0) > headerBytes) {
    throw new RpcError("RESOURCE_EXHAUSTED", `the headers have more than ${headerBytes} bytes`);
  }
  const type = headers["content-type"] ?? "";
  const isGrpc = /^application\/grpc($|[+;])/.test(type);
  if (headers[":method"] === "POST" && isGrpc) {
    const path = headers[":path"] ?? "";
    return methods.get(path) ?? (() => {
      throw new RpcError("UNIMPLEMENTED", `this router has no method ${path}`);
    });
  }
  const status = isGrpc ? 405 : 415;
  stream.respond({ ":status": status }, { endStream: true });
  discard(stream);
  return undefined;
}

/** Ends a call with an error's status, and without any message. */
export function refuse(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.closed || stream.destroyed || stream.headersSent) return;
  const { status, details } = error instanceof RpcError
    ? error
    : new RpcError("INTERNAL", statusOf(error).details);
  stream.respond(
    { ":status": 200, "content-type": "application/grpc", ...trailersOf(status, details) },
    { endStream: true },
  );
  discard(stream);
}
