import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Sends a PUT whose body has the length that its header `content-length` tells. `fetch` sends every
 * stream without one, which storages like S3 refuse.
 */
export async function putSized(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<Response> {
  const { request } = await (url.startsWith("https:") ? import("node:https") : import("node:http"));
  const call = request(url, { method: "PUT", headers, signal });
  const answered = new Promise<Response>((resolve, reject) => {
    call.on("error", reject);
    call.on("response", (answer) => {
      answer.resume(); // nobody reads what it says
      const { statusCode: status = 500, statusMessage: statusText = "" } = answer;
      resolve(new Response(null, { status, statusText }));
    });
  });
  answered.catch(() => {}); // looked at below, after the body
  // A server may answer before it has read all of the body, and close.
  const sent = pipeline(Readable.from(body), call);
  sent.catch(() => {});
  return await Promise.race([answered, sent.then(() => answered)]);
}
