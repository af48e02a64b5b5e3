import { ConnectionError, TimeoutError } from "@jumpstarter/lib/errors";
import { type ByteStream, CHUNK_SIZE } from "@jumpstarter/lib/streams";
import { EAGAIN, EINTR, errno, errorText } from "../libc.ts";
import { CONNECT_TIMEOUT } from "./connect.ts";
import { type Libc, libc } from "./libc.ts";

const SOCK_STREAM = 0x1;
const SOCK_NONBLOCK = 0x800;
const SOCK_CLOEXEC = 0x80000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const MSG_NOSIGNAL = 0x4000;
const SHUT_WR = 1;
const SHUT_RDWR = 2;
const POLLIN = 0x1;
const POLLOUT = 0x4;
/** The error number that asks for patience. */
const EINPROGRESS = 115;

/**
 * A stream socket of any address family. Waiting happens in `poll` on another thread, so the
 * program goes on meanwhile; everything else happens at once, which keeps `errno` ours.
 */
export class NativeSocket implements ByteStream {
  #place: string;
  #fd: number;
  #libc: Libc = libc();
  #waits = new Set<Promise<number>>();
  #closed: Promise<void> | undefined;

  private constructor(place: string, fd: number) {
    this.#place = place;
    this.#fd = fd;
  }

  /**
   * Connects to an address, which is a `sockaddr` with its family in front; `place` is what people
   * call it. Fails with `ConnectionError` or `TimeoutError` that names it.
   */
  static async connect(address: Uint8Array<ArrayBuffer>, place: string): Promise<NativeSocket> {
    const family = new DataView(address.buffer).getUint16(0, true);
    const fd = load(place).socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd === -1) throw cannotConnect(place, errorText(errno()));
    const socket = new NativeSocket(place, fd);
    try {
      await socket.#connect(address);
      return socket;
    } catch (error) {
      await socket[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #connect(address: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#libc.connect(this.#fd, address, address.length) === 0) return;
    const number = errno();
    if (number !== EINPROGRESS) throw cannotConnect(this.#place, errorText(number));
    if (await this.#wait(POLLOUT, CONNECT_TIMEOUT) === 0) {
      throw new TimeoutError(`${this.#place} does not answer within ${CONNECT_TIMEOUT / 1000} s`);
    }
    const fault = new Int32Array(1);
    this.#libc.getsockopt(this.#fd, SOL_SOCKET, SO_ERROR, fault, Uint32Array.of(4));
    if (fault[0] !== 0) throw cannotConnect(this.#place, errorText(fault[0]!));
  }

  async read(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(CHUNK_SIZE);
    while (this.#closed === undefined) {
      const size = Number(this.#libc.recv(this.#fd, buffer, BigInt(buffer.length), 0));
      if (size > 0) return buffer.subarray(0, size);
      if (size === 0) return null;
      await this.#patience(POLLIN);
    }
    return null;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      if (this.#closed !== undefined) {
        throw new Deno.errors.BrokenPipe(`${this.#place} is closed`);
      }
      const piece = rest as Uint8Array<ArrayBuffer>;
      const size = Number(this.#libc.send(this.#fd, piece, BigInt(piece.length), MSG_NOSIGNAL));
      if (size >= 0) rest = rest.subarray(size);
      else await this.#patience(POLLOUT);
    }
  }

  closeWrite(): Promise<void> {
    if (this.#closed === undefined) this.#libc.shutdown(this.#fd, SHUT_WR);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    // Ends the waits: a descriptor closed under one may be another file by the time it looks.
    this.#libc.shutdown(this.#fd, SHUT_RDWR);
    await Promise.all(this.#waits);
    this.#libc.close(this.#fd);
  }

  /** After a call that has failed: waits where that helps, and fails where it does not. */
  async #patience(events: number): Promise<void> {
    const number = errno();
    if (number !== EAGAIN && number !== EINTR) {
      throw new ConnectionError(`lost the connection to ${this.#place}: ${errorText(number)}`);
    }
    await this.#wait(events, -1);
  }

  /** Waits until the socket is ready, broken or shut down; 0 when it takes too long. */
  async #wait(events: number, timeout: number): Promise<number> {
    const descriptor = new DataView(new ArrayBuffer(8));
    descriptor.setInt32(0, this.#fd, true);
    descriptor.setInt16(4, events, true);
    const wait = this.#libc.poll(new Uint8Array(descriptor.buffer), 1n, timeout);
    this.#waits.add(wait);
    try {
      return await wait;
    } finally {
      this.#waits.delete(wait);
    }
  }
}

function load(place: string): Libc {
  try {
    return libc();
  } catch (cause) {
    throw new ConnectionError(`cannot connect to ${place}: ${(cause as Error).message}`, { cause });
  }
}

function cannotConnect(place: string, reason: string): ConnectionError {
  return new ConnectionError(`cannot connect to ${place}: ${reason}`);
}
