import { ConnectionError, DriverError } from "@jumpstarter/lib/errors";
import { EAGAIN, EINTR, errno, errorText } from "../libc.ts";
import { type Libc, libc } from "./libc.ts";
import type { SerialPort } from "./serial_port.ts";
import { keepLinesAtClose, makeRaw, type ModemLine, setLine } from "./termios.ts";

const O_RDWR = 0o2;
// A daemon without a terminal must not take the port for its own: unplugging it would end the daemon.
const O_NOCTTY = 0o400;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const POLLIN = 0x1;
const POLLOUT = 0x4;
const POLL_FAULT = 0x8 | 0x10 | 0x20;
/** The most that a terminal hands out at once. */
const READ_SIZE = 4096;

/**
 * A serial port of this machine. Reading and writing wait in `poll` on another thread, so the
 * program goes on meanwhile; an event descriptor ends the wait when the port is closed.
 */
export class TtyPort implements SerialPort {
  #path: string;
  #fd: number;
  #closeEvent: number;
  #libc: Libc = libc();
  #waits = new Set<Promise<number>>();
  #closed: Promise<void> | undefined;

  private constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
    this.#closeEvent = this.#libc.eventfd(0, O_NONBLOCK | O_CLOEXEC);
  }

  /** Opens and configures a port; fails with `ConnectionError` that names it. */
  static async open(path: string, baudrate: number): Promise<TtyPort> {
    const flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
    const fd = libc().open(new TextEncoder().encode(`${path}\0`), flags);
    if (fd === -1) throw cannotOpen(path, errorText(errno()));
    const port = new TtyPort(path, fd);
    try {
      makeRaw(fd, baudrate);
      return port;
    } catch (error) {
      await port[Symbol.asyncDispose]();
      throw cannotOpen(path, (error as Error).message);
    }
  }

  async read(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(READ_SIZE);
    while (this.#closed === undefined) {
      const events = await this.#wait(POLLIN);
      if (this.#closed !== undefined) break;
      const size = Number(this.#libc.read(this.#fd, buffer, BigInt(buffer.length)));
      if (size > 0) return buffer.subarray(0, size);
      if (size === 0 || (events & POLL_FAULT) !== 0) throw this.#gone();
    }
    return null;
  }

  async write(bytes: Uint8Array, options: { signal?: AbortSignal } = {}): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      options.signal?.throwIfAborted();
      if (this.#closed !== undefined) throw new ConnectionError(`${this.#path} is closed`);
      const size = Number(
        this.#libc.write(this.#fd, rest as Uint8Array<ArrayBuffer>, BigInt(rest.length)),
      );
      if (size > 0) {
        rest = rest.subarray(size);
        continue;
      }
      const number = errno();
      if (number !== EAGAIN && number !== EINTR) throw this.#gone(errorText(number));
      await this.#wait(POLLOUT);
    }
  }

  /** A serial line has no end of its own to pass on. */
  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  async drain(): Promise<void> {
    if (this.#closed === undefined) await this.#libc.tcdrain(this.#fd);
  }

  setLine(line: ModemLine, isOn: boolean): void {
    try {
      setLine(this.#fd, line, isOn);
    } catch (cause) {
      throw new DriverError(
        `cannot set ${line.toUpperCase()} of ${this.#path}: ${(cause as Error).message}`,
        { cause },
      );
    }
  }

  /** Keeps the modem lines as they are when the port is closed. */
  keepLinesAtClose(): void {
    keepLinesAtClose(this.#fd);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#libc.write(this.#closeEvent, new Uint8Array(BigUint64Array.of(1n).buffer), 8n);
    // A descriptor that is closed under a wait may be another file by the time the wait looks.
    await Promise.all(this.#waits);
    await this.#libc.close(this.#closeEvent);
    await this.#libc.close(this.#fd);
  }

  /** Waits until the port is ready, or closed here; gives the events of the port. */
  async #wait(events: number): Promise<number> {
    const descriptors = new DataView(new ArrayBuffer(16));
    descriptors.setInt32(0, this.#fd, true);
    descriptors.setInt16(4, events, true);
    descriptors.setInt32(8, this.#closeEvent, true);
    descriptors.setInt16(12, POLLIN, true);
    const wait = this.#libc.poll(new Uint8Array(descriptors.buffer), 2n, -1);
    this.#waits.add(wait);
    await wait;
    this.#waits.delete(wait);
    return descriptors.getInt16(6, true);
  }

  #gone(reason = "it was unplugged or its other end was closed"): ConnectionError {
    return new ConnectionError(`lost the serial port ${this.#path}: ${reason}`);
  }
}

function cannotOpen(path: string, reason: string): ConnectionError {
  return new ConnectionError(`cannot open the serial port ${path}: ${reason}`);
}
