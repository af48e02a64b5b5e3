/**
 * What the launcher `j` and the running `jmp shell` say to each other. Nothing is imported here:
 * the launcher's start is what a user waits for.
 */

/** Kinds of frames; the first half comes from the launcher, the second from the shell. */
export const Kind = {
  /** A {@linkcode Call} as JSON; the first frame. */
  CALL: 1,
  /** A piece of standard input that was asked for; empty at its end. */
  INPUT: 2,
  /** The launcher was told to end. */
  SIGNAL: 3,
  /** Standard input cannot be read: an {@linkcode InputFailure} as JSON. */
  INPUT_FAILED: 5,
  /** The terminal has another width: columns, in decimal. */
  RESIZE: 4,
  /** Bytes for standard output. */
  OUTPUT: 16,
  /** Bytes for standard error. */
  ERROR: 17,
  /** Asks for one piece of standard input. */
  WANT_INPUT: 18,
  /** The exit status, one byte; the last frame. */
  EXIT: 19,
  /** The command needs the terminal: the launcher is to run it itself. */
  RUN_YOURSELF: 20,
} as const;

/** A command line, and what its surroundings are. */
export interface Call {
  args: readonly string[];
  cwd: string;
  /** The launcher's `JMP_DRIVERS_ALLOW`. */
  allowed: string | undefined;
  /** Which of standard input, output and error are terminals; the last for lines that move. */
  terminals: readonly [boolean, boolean, boolean];
  /** Columns of the terminal; absent when there is none. */
  columns?: number | undefined;
}

/** What reading standard input has failed with. */
export interface InputFailure {
  name: string;
  message: string;
}

/** One message. */
export interface Frame {
  kind: number;
  payload: Uint8Array;
}

/** Larger frames are no frames of ours, bytes: streams are cut into much smaller pieces. */
const MAX_PAYLOAD = 1024 * 1024;
/** The same for a {@linkcode Call}: systems take command lines of 2 MiB, and JSON adds to them. */
export const MAX_CALL = 8 * 1024 * 1024;
const HEADER = 5;

/** Reads and writes frames on a socket. */
export class FrameSocket {
  #connection: Deno.Conn;
  #received = new Uint8Array(0);
  /** Frames go out one after the other, whoever sends them. */
  #sending: Promise<void> = Promise.resolve();

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** The next frame; `null` when the other side is gone. Fails when its payload is too large. */
  async read(maxPayload: number = MAX_PAYLOAD): Promise<Frame | null> {
    if (!await this.#fill(HEADER)) return null;
    const header = new DataView(this.#received.buffer, this.#received.byteOffset, HEADER);
    const size = header.getUint32(1);
    if (size > maxPayload) throw new Error(`a frame of ${size} bytes is not from jmp`);
    if (!await this.#fill(HEADER + size)) return null;
    const frame = {
      kind: this.#received[0]!,
      payload: this.#received.slice(HEADER, HEADER + size),
    };
    this.#received = this.#received.subarray(HEADER + size);
    return frame;
  }

  /** Sends a frame; settles when the socket has taken it. */
  write(kind: number, payload: Uint8Array = new Uint8Array(0)): Promise<void> {
    const bytes = new Uint8Array(HEADER + payload.length);
    bytes[0] = kind;
    new DataView(bytes.buffer).setUint32(1, payload.length);
    bytes.set(payload, HEADER);
    this.#sending = this.#sending.then(() => writeAll(this.#connection, bytes));
    return this.#sending;
  }

  /** Has at least `size` bytes received; false when the other side ends before. */
  async #fill(size: number): Promise<boolean> {
    while (this.#received.length < size) {
      const buffer = new Uint8Array(65_536);
      const count = await this.#connection.read(buffer);
      if (count === null) return false;
      const joined = new Uint8Array(this.#received.length + count);
      joined.set(this.#received);
      joined.set(buffer.subarray(0, count), this.#received.length);
      this.#received = joined;
    }
    return true;
  }
}

/** Writes all of the bytes. */
export async function writeAll(
  to: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await to.write(bytes.subarray(sent));
}
