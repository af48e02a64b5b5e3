import { DriverError, NotImplementedError } from "../errors.ts";
import type { ByteStream } from "./byte_stream.ts";

/** An HTTP request that carries data, as a resource handle describes it. */
export interface HttpRequest {
  /** Where to send it; may hold a signature, so only a part of it is ever shown. */
  url: string;
  /** `GET` to read, `PUT` to write. */
  method: "GET" | "PUT";
  /** Headers that must go with it. */
  headers: Readonly<Record<string, string>>;
}

/** How long a transfer may take, milliseconds. */
const TIMEOUT = 7_200_000;
const MAX_REDIRECTS = 10;
const REDIRECTS = [301, 302, 303, 307, 308];
/** Beginnings of headers that are secrets between the client and one server. */
const PRIVATE = /^(authorization|cookie|proxy-authorization|x-amz-|x-ms-|x-goog-)/i;

/** Makes an HTTP request whose body is the stream: read for GET, written for PUT. */
export async function openRequest(request: HttpRequest): Promise<ByteStream> {
  return request.method === "GET" ? await openGet(request) : openPut(request);
}

async function openGet(request: HttpRequest): Promise<ByteStream> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT);
  const release = () => {
    clearTimeout(timer);
    abort.abort();
  };
  try {
    const { body } = await followed(request, abort.signal);
    const reader = body?.getReader();
    return {
      async read() {
        try {
          const chunk = await reader?.read();
          return chunk?.value ?? null;
        } catch (error) {
          throw failure(request, error);
        }
      },
      write: () => Promise.reject(new NotImplementedError("what is downloaded cannot be written")),
      closeWrite: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(release()),
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Sends a GET and follows redirects, with private headers for the first server only. */
async function followed(request: HttpRequest, signal: AbortSignal): Promise<Response> {
  let { url } = request;
  let headers = request.headers;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await send(request, url, { headers: { ...headers }, signal });
    if (!REDIRECTS.includes(response.status)) return response;
    const next = response.headers.get("location");
    await response.body?.cancel();
    if (next === null || !URL.canParse(next)) {
      throw failure(request, new Error("it redirects without saying where to"));
    }
    if (new URL(next).origin !== new URL(url).origin) headers = withoutSecrets(headers);
    url = next;
  }
  throw failure(request, new Error(`it redirects more than ${MAX_REDIRECTS} times`));
}

function openPut(request: HttpRequest): ByteStream {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const { headers } = request;
  const answered = send(request, request.url, {
    method: "PUT",
    headers: { ...headers },
    body: readable,
    signal: abort.signal,
  }).finally(() => clearTimeout(timer));
  answered.catch((error) => writer.abort(error).catch(() => {})); // the writer is told of it
  let isWriteClosed = false;
  const closeWrite = async () => {
    if (isWriteClosed) return;
    isWriteClosed = true;
    // Its failure is that of the request, which is awaited here.
    await writer.close().catch(() => {});
    await (await answered).body?.cancel();
  };
  return {
    read: () => Promise.reject(new NotImplementedError("what is uploaded cannot be read")),
    write: (bytes) => writer.write(bytes),
    closeWrite,
    async [Symbol.asyncDispose]() {
      try {
        await closeWrite();
      } finally {
        abort.abort();
      }
    },
  };
}

async function send(request: HttpRequest, url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, redirect: "manual" });
  } catch (error) {
    throw failure(request, error);
  }
  if (response.status < 400) return response;
  await response.body?.cancel();
  throw failure(request, new Error(`the server answers ${response.status} ${response.statusText}`));
}

function withoutSecrets(headers: HttpRequest["headers"]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !PRIVATE.test(name)));
}

function failure({ method, url }: HttpRequest, cause: unknown): DriverError {
  const { origin, pathname, search } = new URL(url);
  const shown = `${origin}${pathname}${search === "" ? "" : "?[REDACTED]"}`;
  if ((cause as Error).name === "AbortError") {
    const text = `${method} ${shown} takes longer than ${TIMEOUT / 1000} s`;
    return new DriverError(text, { code: "timeout", cause });
  }
  // What fetch says may hold the whole URL.
  const reason = (cause as Error).message.replaceAll(url, shown).replaceAll(search || "\0", "");
  return new DriverError(`${method} ${shown} failed: ${reason}`, { cause });
}
