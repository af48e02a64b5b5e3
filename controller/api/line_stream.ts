import type { JsonObject } from "../store/mod.ts";
import { numberOf } from "./call.ts";

/** How long a watch lasts that does not say so, milliseconds; clients then begin anew. */
const DEFAULT_TIME = 40 * 60_000;
const MAX_TIME = 24 * 3_600_000;

/**
 * Answers a watch: one JSON object a line. The signal that `open` is given ends with the client's
 * patience, its presence, or the API, whichever is first; what `open` throws, this throws.
 */
export function lineStream(
  open: (signal: AbortSignal) => AsyncGenerator<JsonObject>,
  { query, closing }: { readonly query: URLSearchParams; readonly closing: AbortSignal },
): Response {
  const seconds = numberOf(query, "timeoutSeconds") ?? 0;
  const time = seconds > 0 ? Math.min(seconds * 1000, MAX_TIME) : DEFAULT_TIME;
  const over = new AbortController();
  const lines = open(AbortSignal.any([over.signal, closing]));
  const timer = setTimeout(() => over.abort(), time);
  const end = () => {
    clearTimeout(timer);
    over.abort();
  };
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await lines.next();
        if (done !== true) return controller.enqueue(encoder.encode(JSON.stringify(value) + "\n"));
      } catch (error) {
        end();
        throw error;
      }
      end();
      controller.close();
    },
    async cancel() {
      end();
      await lines.return(undefined); // it may rest at a line that nobody took
    },
  }, { highWaterMark: 0 });
  return new Response(body, {
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
