/** Between the requests of `node:https` and those of the web. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Where requests seem to go; only path and query of it count. */
const BASE = "https://controller";

/** What web requests can be; all else is refused. */
const METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/** How long the rest of a body is taken that nobody reads, milliseconds. */
const REST_TIME = 1_000;

type Chunks = AsyncIterator<Uint8Array>;

/** Answers a request with a function from web requests to web responses. */
export async function answerWith(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const isKnown = METHODS.includes(incoming.method ?? "");
  const chunks: Chunks = incoming[Symbol.asyncIterator]();
  const response = isKnown
    ? await handle(requestOf(incoming, chunks))
    : new Response(null, { status: 405 });
  // A body that nobody has read to its end stands before the next request.
  if (!incoming.complete) response.headers.set("connection", "close");
  await send(outgoing, response);
  // Closing before all has come would take the answer from whoever still sends.
  if (!incoming.complete) await takeRest(incoming, chunks);
  outgoing.end();
}

/** Takes what still comes of a body, for a while. */
async function takeRest(incoming: IncomingMessage, chunks: Chunks): Promise<void> {
  const timer = setTimeout(() => incoming.destroy(), REST_TIME);
  try {
    while ((await chunks.next()).done !== true);
  } catch {
    // It broke off, or took too long: there is nobody to answer.
  } finally {
    clearTimeout(timer);
  }
}

/** Makes a web request of a node one; its body is read as it is asked for. */
function requestOf(incoming: IncomingMessage, chunks: Chunks): Request {
  const { method = "GET", url = "/" } = incoming;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  const hasBody = !["GET", "HEAD"].includes(method);
  return new Request(urlOf(url), {
    method,
    headers,
    ...(hasBody ? { body: bodyOf(chunks) } : {}),
  });
}

/** Sends a web response; settles when all but its end is sent, or when nobody is there to take it. */
async function send(outgoing: ServerResponse, response: Response): Promise<void> {
  const { status, headers, body } = response;
  const gone = new Promise<void>((resolve) => outgoing.once("close", () => resolve()));
  const reader = body?.getReader();
  outgoing.on("error", () => {}); // "close" follows
  gone.then(() => reader?.cancel()).catch(() => {});
  outgoing.writeHead(status, Object.fromEntries(headers));
  outgoing.flushHeaders();
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done || outgoing.destroyed) break;
    if (!outgoing.write(chunk.value)) {
      const drained = new Promise<void>((resolve) => outgoing.once("drain", () => resolve()));
      await Promise.race([drained, gone]);
    }
  }
}

function urlOf(target: string): URL {
  return URL.parse(target.startsWith("/") ? BASE + target : BASE) ?? new URL(BASE);
}

function bodyOf(chunks: Chunks): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
}
