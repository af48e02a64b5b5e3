import { readAtMost } from "./read_at_most.ts";

/** A request of a storage. */
export interface HttpCall {
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: Uint8Array<ArrayBuffer>;
}

/** An answer; its body is read, or cancelled. */
export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** The next bytes; `null` at the end. Fails when the server keeps silent or breaks off. */
  read(): Promise<Uint8Array | null>;
  /** The whole body as text: 8 MiB of it at most. */
  text(): Promise<string>;
  /** Lets go of the body. */
  cancel(): void;
}

/** Milliseconds that a server may keep silent. */
const SILENCE = 30_000;
/** Bytes a millisecond that even a slow line carries: so long may sending a body take besides. */
const SLOW = 64;
const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 10;
/** Of text, which is held whole. */
const MAX_TEXT = 8 * 1024 * 1024;

/**
 * Sends one request, without following redirects. The server has to begin its answer, and to go on
 * with it whenever more is asked for, within `silence` milliseconds.
 */
export async function exchange(call: HttpCall, silence = SILENCE): Promise<HttpAnswer> {
  const abort = new AbortController();
  const within = async <T>(milliseconds: number, work: Promise<T>): Promise<T> => {
    const silent = new Error(`the server keeps silent for ${milliseconds / 1000} s`);
    const timer = setTimeout(() => abort.abort(silent), milliseconds);
    try {
      return await work;
    } catch (error) {
      const reason = abort.signal.reason === silent ? silent.message : reasonOf(error);
      throw new Error(reason, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  };
  const sending = fetch(call.url, {
    method: call.method,
    // Compressed, neither sizes nor positions would be those of the file.
    headers: { ...call.headers, "accept-encoding": "identity" },
    redirect: "manual",
    signal: abort.signal,
    ...(call.body === undefined ? {} : { body: call.body }),
  });
  const response = await within(silence + (call.body?.length ?? 0) / SLOW, sending);
  const reader = response.body?.getReader();
  const read = async () => {
    const chunk = reader && await within(silence, reader.read());
    return chunk?.value ?? null;
  };
  return {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
    read,
    text: () => readAtMost(read, MAX_TEXT),
    cancel: () => abort.abort(),
  };
}

/**
 * Sends a request and follows redirects. `headersFor` gives the headers for each place: what only
 * the first server may see is left out for others.
 */
export async function follow(
  call: Omit<HttpCall, "headers">,
  headersFor: (place: URL) => Promise<HttpCall["headers"]> | HttpCall["headers"],
  silence?: number,
): Promise<HttpAnswer> {
  let { url } = call;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await exchange({ ...call, url, headers: await headersFor(url) }, silence);
    const location = answer.headers.get("location");
    if (!REDIRECTS.includes(answer.status) || location === null) return answer;
    answer.cancel();
    const next = URL.parse(location, url);
    if (next === null || !/^https?:$/.test(next.protocol)) {
      throw new Error("the server redirects to what is no address on the web");
    }
    url = next;
  }
  throw new Error(`the server redirects more than ${MAX_REDIRECTS} times`);
}

/** The size of a body in bytes, where the server tells it. */
export function sizeOf({ headers }: HttpAnswer): number | undefined {
  const length = headers.get("content-length");
  return length === null ? undefined : Number(length);
}

/** What an answer that is none says. */
export function refusal({ status, statusText }: HttpAnswer): Error {
  if (status === 404 || status === 410) {
    return new Deno.errors.NotFound("there is no such file");
  }
  const hint = status === 401 || status === 403 ? "; look at the credentials in kwargs" : "";
  return new Error(`the server answers ${[status, statusText].filter(Boolean).join(" ")}${hint}`);
}

/** What went wrong, without the address, which may hold a secret. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const inner = cause instanceof Error ? cause.message : message;
  return inner.replace(/^error sending request .*?: client error \(\w+\): /s, "")
    .replace(/ \(os error \d+\)/g, "");
}
