import type { ByteStream } from "./byte_stream.ts";

/** What {@linkcode forward} takes beside the two streams. */
export interface ForwardOptions {
  /** Ends the forwarding at once and closes both streams. */
  signal?: AbortSignal;
}

/**
 * Copies bytes between two streams in both directions until both have ended, then closes both.
 * The end of one direction is passed on as a half-close; a slow reader slows its writer down.
 * Fails with the first error when either stream breaks.
 *
 * ```ts
 * import { forward, pipe } from "@jumpstarter/lib/streams";
 *
 * const [here, there] = pipe();
 * const [left, right] = pipe();
 * const done = forward(there, left);
 * await here.write(new TextEncoder().encode("ping"));
 * console.log(await right.read());
 * await here[Symbol.asyncDispose]();
 * await right[Symbol.asyncDispose]();
 * await done;
 * ```
 */
export async function forward(
  left: ByteStream,
  right: ByteStream,
  options: ForwardOptions = {},
): Promise<void> {
  let isStopped = options.signal?.aborted ?? false;
  const close = async () => {
    await Promise.allSettled([left[Symbol.asyncDispose](), right[Symbol.asyncDispose]()]);
  };
  const stop = () => {
    isStopped = true;
    void close();
  };
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    if (isStopped) return;
    await Promise.all([copy(left, right), copy(right, left)]);
  } catch (error) {
    if (!isStopped) throw error;
  } finally {
    options.signal?.removeEventListener("abort", stop);
    await close();
  }
}

/** Copies one direction to its end and passes the end on. */
export async function copy(from: ByteStream, to: ByteStream): Promise<void> {
  for (let chunk = await from.read(); chunk !== null; chunk = await from.read()) {
    await to.write(chunk);
  }
  await to.closeWrite();
}
