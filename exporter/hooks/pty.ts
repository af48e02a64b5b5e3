import { JumpstarterError } from "@jumpstarter/lib/errors";
import { lastError, type Libc, libc } from "./libc.ts";

const O_RDWR = 2;
const POLLIN = 0x1;
/** The most that a terminal hands out at once. */
const READ_SIZE = 4096;

/**
 * The near end of a new pseudo-terminal of size 0×0, for reading what programs write to the far end.
 *
 * Reading waits in `poll` on another thread, so the program goes on meanwhile. Dispose it when no read
 * is waiting: the descriptor may be another file by the time the wait looks at it.
 */
export class Pty implements Disposable {
  /** Where programs find the far end: `/dev/pts/3`. */
  readonly path: string;
  #fd: number;
  #libc: Libc;

  private constructor(fd: number, path: string, functions: Libc) {
    this.#fd = fd;
    this.path = path;
    this.#libc = functions;
  }

  /** Fails with `JumpstarterError` (`pty`) when the system gives none. */
  static open(): Pty {
    const functions = libc();
    const { O_NOCTTY, O_CLOEXEC } = functions;
    const fd = functions.posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd === -1) throw noTerminal();
    const isReady = functions.grantpt(fd) === 0 && functions.unlockpt(fd) === 0;
    const name = isReady ? functions.ptsname(fd) : null;
    if (name !== null) {
      return new Pty(fd, new Deno.UnsafePointerView(name).getCString(), functions);
    }
    const error = noTerminal();
    functions.close(fd);
    throw error;
  }

  /**
   * What was written to the far end: nothing when nothing came for `timeout` milliseconds, null when
   * the last program has closed it.
   */
  async read(timeout: number): Promise<Uint8Array | null> {
    const descriptor = new DataView(new ArrayBuffer(8));
    descriptor.setInt32(0, this.#fd, true);
    descriptor.setInt16(4, POLLIN, true);
    await this.#libc.poll(new Uint8Array(descriptor.buffer), 1n, timeout);
    if (descriptor.getInt16(6, true) === 0) return new Uint8Array();
    const buffer = new Uint8Array(READ_SIZE);
    const size = Number(this.#libc.read(this.#fd, buffer, BigInt(buffer.length)));
    return size > 0 ? buffer.subarray(0, size) : null;
  }

  [Symbol.dispose](): void {
    this.#libc.close(this.#fd);
  }
}

function noTerminal(): JumpstarterError {
  return new JumpstarterError("pty", `cannot open a pseudo-terminal: ${lastError()}`);
}
