import { Buffer } from "node:buffer";
import { constants, type ServerHttp2Stream } from "node:http2";
import { RpcError } from "@jumpstarter/lib/rpc";
import type { Question } from "../grpc/mod.ts";
import type { Call } from "./call.ts";
import { discard, trailersOf } from "./end.ts";

/** The largest question that is read, bytes: names of services, files and messages. */
const MAX_QUESTION = 1_024;
/** What comes before a message, bytes: whether it is compressed, and its length. */
const HEAD = 5;

/** Answers what one call asks; who takes longer than `time` milliseconds is cut off. */
export async function serveQuestion(
  { stream }: Call,
  { method, answer }: Question,
  time: number,
): Promise<void> {
  const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), time);
  try {
    let count = 0;
    for await (const asked of readMessages(stream)) {
      if (count++ > 0 && !method.requestStream) throw refusal("there is more than one request");
      await tell(stream, method.response.encode(await answer(decode(asked, method.request))));
    }
    if (count === 0 && !method.requestStream) throw refusal("there is no request");
    finish(stream, trailersOf("OK", ""));
  } catch (error) {
    if (!stream.headersSent) throw error;
    const { status, details } = error instanceof RpcError ? error : refusal(String(error));
    finish(stream, trailersOf(status, details));
  } finally {
    clearTimeout(late);
  }
}

function decode<Message>(
  bytes: Uint8Array,
  codec: { decode(bytes: Uint8Array): Message },
): Message {
  try {
    return codec.decode(bytes);
  } catch (error) {
    throw refusal(String(error));
  }
}

/** The messages that come, without their framing. */
async function* readMessages(stream: ServerHttp2Stream): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  // The stream is needed for the answer, also after a question that is none.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEAD) {
      const end = HEAD + rest.readUInt32BE(1);
      if (rest[0] !== 0) throw refusal("a request is compressed");
      if (end > HEAD + MAX_QUESTION) throw refusal("a request is too long");
      if (rest.length < end) break;
      yield rest.subarray(HEAD, end);
      rest = rest.subarray(end);
    }
  }
  if (rest.length > 0) throw refusal("a request is cut short");
}

/** Sends a message; settles when the caller takes more, or is gone. */
async function tell(stream: ServerHttp2Stream, message: Uint8Array): Promise<void> {
  if (stream.closed || stream.destroyed) return;
  if (!stream.headersSent) {
    const headers = { ":status": 200, "content-type": "application/grpc" };
    stream.respond(headers, { waitForTrailers: true });
  }
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(message.length, 1);
  if (stream.write(Buffer.concat([head, message]))) return;
  await new Promise<void>((resolve) => {
    stream.once("drain", resolve);
    stream.once("close", resolve);
  });
}

/** Ends a call; one without an answer has its headers first. */
function finish(stream: ServerHttp2Stream, trailers: Record<string, string>): void {
  if (stream.closed || stream.destroyed) return;
  if (!stream.headersSent) {
    stream.respond({ ":status": 200, "content-type": "application/grpc", ...trailers }, {
      endStream: true,
    });
    return discard(stream);
  }
  stream.on("wantTrailers", () => {
    stream.sendTrailers(trailers);
    discard(stream);
  });
  stream.end();
}

function refusal(details: string): RpcError {
  return new RpcError("INVALID_ARGUMENT", details);
}
