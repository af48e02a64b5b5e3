import { Buffer } from "node:buffer";
import { constants } from "node:http2";
import { RpcError } from "@jumpstarter/lib/rpc";
import type { Call } from "./call.ts";
import { trailersOf } from "./end.ts";

/** The largest question that is read, bytes: a service's name and the framing of gRPC. */
const MAX_QUESTION = 1_024;
/** `HealthCheckResponse` with the status SERVING, framed. */
const SERVING = Buffer.from([0, 0, 0, 0, 2, 0x08, 0x01]);
const SERVED = ["", "jumpstarter.v1.RouterService"];

/**
 * Answers `grpc.health.v1.Health/Check`: a router that answers at all is serving. Anybody may ask; who
 * takes longer than `time` milliseconds is cut off.
 */
export async function serveHealth({ stream }: Call, time: number): Promise<void> {
  const question: Uint8Array[] = [];
  let size = 0;
  const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), time);
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      question.push(chunk);
      size += chunk.length;
      if (size > MAX_QUESTION) throw new RpcError("INVALID_ARGUMENT", "the request is too long");
    }
  } finally {
    clearTimeout(late);
  }
  const service = serviceOf(Buffer.concat(question));
  if (!SERVED.includes(service)) throw new RpcError("NOT_FOUND", `unknown service ${service}`);
  if (stream.closed || stream.destroyed) return;
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailersOf("OK", "")));
  stream.end(SERVING);
}

/** The name in a framed `HealthCheckRequest`: its only field, number 1, which is left out if empty. */
function serviceOf(framed: Buffer): string {
  const message = framed.subarray(5);
  if (framed.length < 5 || framed.readUInt32BE(1) !== message.length) {
    throw new RpcError("INVALID_ARGUMENT", "the request is no gRPC message");
  }
  if (message.length === 0) return "";
  const isName = message[0] === 0x0a && message[1]! < 0x80 && message.length === message[1]! + 2;
  if (!isName) throw new RpcError("INVALID_ARGUMENT", "the request is no HealthCheckRequest");
  return message.subarray(2).toString();
}
