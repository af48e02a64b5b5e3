import { type ByteStream, CHUNK_SIZE } from "./byte_stream.ts";

/** The part of `Deno.Conn` that a byte stream needs; a TLS connection has it too. */
export interface Connection {
  /** Reads into a buffer; the number of bytes, or `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes some of the bytes; how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends our direction. */
  closeWrite(): Promise<void>;
  /** Closes both directions. */
  close(): void;
}

/** A TCP, TLS or Unix socket as a {@linkcode ByteStream}. */
export function fromConnection(connection: Connection): ByteStream {
  return new ConnectionStream(connection);
}

/** What is left of a buffer that the next read still goes into, bytes: rather than a new one. */
const REST_SIZE = 16_384;

class ConnectionStream implements ByteStream {
  #connection: Connection;
  /** Where the next read goes. What was read before is handed on without a copy, and stays. */
  #rest = new Uint8Array(0);
  #isClosed = false;
  #isWriteClosed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#rest.length < REST_SIZE) this.#rest = new Uint8Array(CHUNK_SIZE);
    try {
      const size = await this.#connection.read(this.#rest);
      if (size === null) return null;
      const chunk = this.#rest.subarray(0, size);
      this.#rest = this.#rest.subarray(size);
      return chunk;
    } catch (error) {
      if (this.#isClosed) return null;
      throw error;
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    return writeFully(this.#connection, bytes);
  }

  async closeWrite(): Promise<void> {
    if (this.#isWriteClosed || this.#isClosed) return;
    this.#isWriteClosed = true;
    try {
      await this.#connection.closeWrite();
    } catch (error) {
      // The peer closed first: the direction has ended either way.
      if (
        !(error instanceof Deno.errors.NotConnected || error instanceof Deno.errors.BadResource)
      ) {
        throw error;
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#connection.close();
    }
    return Promise.resolve();
  }
}

/** Writes all of the bytes to something that may take them in parts. */
export async function writeFully(
  to: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let sent = 0; sent < bytes.length;) {
    sent += await to.write(sent === 0 ? bytes : bytes.subarray(sent));
  }
}
