import { DriverError, NotImplementedError } from "../errors.ts";
import type { ByteStream } from "./byte_stream.ts";
import { putSized } from "./sized_put.ts";
import { webUrl } from "./web_url.ts";

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
/** How long a server may keep silent that something is read from, milliseconds. */
const SILENCE = 60_000;
const MAX_REDIRECTS = 10;
const REDIRECTS = [301, 302, 303, 307, 308];
/** Beginnings of headers that are secrets between the client and one server. */
const PRIVATE = /^(authorization|cookie|proxy-authorization|x-amz-|x-ms-|x-goog-)/i;

/**
 * Makes an HTTP request whose body is the stream: read for GET, written for PUT. It is given up when
 * `signal` says so, and a GET when the server keeps silent for so many milliseconds. An upload is
 * whole with `closeWrite()`, which waits for the answer; disposing it without gives it up.
 */
export async function openRequest(
  request: HttpRequest,
  signal?: AbortSignal,
  silence: number = SILENCE,
): Promise<ByteStream> {
  const limits = limit(signal);
  return request.method === "GET"
    ? await openGet(request, limits, silence)
    : openPut(request, limits);
}

interface Limits {
  signal: AbortSignal;
  /** Waits for the server for so many milliseconds. */
  within<T>(silence: number, answer: Promise<T>): Promise<T>;
  /** Ends the request. */
  release(): void;
}

/** Ends a request that takes too long, that nobody waits for any more, or that is done with. */
function limit(outer: AbortSignal | undefined): Limits {
  const abort = new AbortController();
  const after = (time: number, what: string) =>
    setTimeout(() => {
      abort.abort(new DOMException(`${what} ${time / 1000} s`, "TimeoutError"));
    }, time);
  const timer = after(TIMEOUT, "it takes longer than");
  const cancel = () => abort.abort(new DOMException("it was cancelled", "AbortError"));
  if (outer?.aborted) cancel();
  outer?.addEventListener("abort", cancel);
  return {
    signal: abort.signal,
    async within(silence, answer) {
      const timer = after(silence, "the server keeps silent for");
      try {
        return await answer;
      } finally {
        clearTimeout(timer);
      }
    },
    release() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", cancel);
      abort.abort();
    },
  };
}

async function openGet(request: HttpRequest, limits: Limits, silence: number): Promise<ByteStream> {
  const { signal, within, release } = limits;
  try {
    const { body } = await within(silence, followed(request, signal));
    const reader = body?.getReader();
    return {
      async read() {
        try {
          const chunk = reader && await within(silence, reader.read());
          return chunk?.value ?? null;
        } catch (error) {
          throw failure(request, error, signal);
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
    const location = response.headers.get("location") ?? "";
    await response.body?.cancel();
    // An absolute one stays as it was written.
    const next = URL.canParse(location) ? location : URL.parse(location, url)?.href ?? "";
    // Only to the web: the runtime would read its own files as well.
    if (location === "" || webUrl(next) === undefined) {
      throw failure(request, new Error("it redirects without saying where to"));
    }
    if (new URL(next).origin !== new URL(url).origin) headers = withoutSecrets(headers);
    url = next;
  }
  throw failure(request, new Error(`it redirects more than ${MAX_REDIRECTS} times`));
}

function openPut(request: HttpRequest, { signal, release }: Limits): ByteStream {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const answered = send(request, request.url, {
    method: "PUT",
    headers: { ...request.headers },
    body: readable,
    signal,
  });
  answered.catch((error) => writer.abort(error).catch(() => {})); // the writer is told of it
  let isWriteClosed = false;
  return {
    read: () => Promise.reject(new NotImplementedError("what is uploaded cannot be read")),
    write: (bytes) => writer.write(bytes),
    async closeWrite() {
      if (isWriteClosed) return;
      isWriteClosed = true;
      // Its failure is that of the request, which is awaited here.
      await writer.close().catch(() => {});
      await (await answered).body?.cancel();
    },
    async [Symbol.asyncDispose]() {
      release();
      await answered.catch(() => {}); // told by writing, or given up
    },
  };
}

async function send(request: HttpRequest, url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    const isSized = Object.keys(request.headers).some((name) => /^content-length$/i.test(name));
    response = init.body instanceof ReadableStream && isSized
      ? await putSized(url, request.headers, init.body, init.signal!)
      : await fetch(url, { ...init, redirect: "manual" });
  } catch (error) {
    throw failure(request, error, init.signal!);
  }
  // What is being sent cannot be sent again: a redirected upload has failed.
  const isRedirect = request.method === "GET" && REDIRECTS.includes(response.status);
  if (response.ok || isRedirect) return response;
  await response.body?.cancel();
  throw failure(request, new Error(`the server answers ${response.status} ${response.statusText}`));
}

function withoutSecrets(headers: HttpRequest["headers"]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !PRIVATE.test(name)));
}

/** What ended it by `signal` is the reason where something has; not all who are ended tell it. */
function failure({ method, url }: HttpRequest, error: unknown, signal?: AbortSignal): DriverError {
  const cause = signal?.aborted ? signal.reason : error;
  const { origin, pathname, search } = new URL(url);
  const shown = `${origin}${pathname}${search === "" ? "" : "?[REDACTED]"}`;
  // What fetch says may hold the whole URL, or that of a redirect.
  const reason = (cause as Error).message
    .replace(/\?[^\s)"']+/g, "?[REDACTED]")
    .replace(/\/\/[^\s/@]*@/g, "//");
  const code = (cause as Error).name === "TimeoutError" ? { code: "timeout" } : {};
  return new DriverError(`${method} ${shown} failed: ${reason}`, { ...code, cause });
}
