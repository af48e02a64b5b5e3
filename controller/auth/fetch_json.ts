import { JumpstarterError, TimeoutError } from "@jumpstarter/lib/errors";

/** How a document is fetched. */
export interface FetchOptions {
  /** Trusted beside the roots of the system: PEM. */
  readonly caCerts?: readonly string[];
  /** For everything together; ms. */
  readonly timeout: number;
  /** Longer documents are refused; bytes. */
  readonly maxBytes: number;
}

/**
 * Fetches a JSON document. Redirects are not followed: a token's keys come from the host that the
 * configuration names.
 *
 * @throws {JumpstarterError} saying which document could not be had, and why
 */
export async function fetchJson(url: string, options: FetchOptions): Promise<unknown> {
  using client = Deno.createHttpClient({ caCerts: [...options.caCerts ?? []] });
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new TimeoutError("no answer")), options.timeout);
  try {
    const response = await fetch(url, {
      client,
      redirect: "manual",
      signal: ending.signal,
      headers: { accept: "application/json" },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the server answered ${response.status}`);
    }
    return JSON.parse(await readText(response, options.maxBytes));
  } catch (cause) {
    const timedOut = ending.signal.aborted;
    const why = timedOut ? `no answer within ${options.timeout} ms` : (cause as Error).message;
    throw new JumpstarterError("fetch", `cannot fetch ${url}: ${why}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ["", 0];
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`the document is larger than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
