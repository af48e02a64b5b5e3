/**
 * A byte stream with two independent directions. Reading pulls, so backpressure needs no extra
 * machinery: who does not read is not sent to.
 */
export interface ByteStream extends AsyncDisposable {
  /**
   * The next bytes, never an empty chunk; `null` once the other side has ended its direction.
   * At most one read at a time. Fails when the stream broke.
   */
  read(): Promise<Uint8Array | null>;
  /** Hands bytes over; settles when the stream can take more. At most one write at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Ends our direction (half-close): what was written is whole. The other direction stays open.
   * Repeating it is harmless.
   */
  closeWrite(): Promise<void>;
  /** Closes both directions and frees what is behind them; waiting reads and writes fail or end. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The largest piece that is read from a socket or a file, or sent in one frame: with what gRPC adds
 * to it, it fills eight HTTP/2 frames of 16 KiB, and does not begin a ninth.
 */
export const CHUNK_SIZE: number = 131_072 - 16;

/** `bytes` in pieces of at most {@linkcode CHUNK_SIZE}, without copying. */
export function* chunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += CHUNK_SIZE) {
    yield bytes.subarray(start, start + CHUNK_SIZE);
  }
}

/** Reads a stream to its end, as a generator; leaving the loop early leaves the stream open. */
export async function* readAll(stream: ByteStream): AsyncGenerator<Uint8Array> {
  for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
    yield chunk;
  }
}

/** Joins chunks into one array. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
