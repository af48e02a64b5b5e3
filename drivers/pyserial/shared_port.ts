import type { SerialPort } from "./serial_port.ts";

type WriteOptions = Parameters<SerialPort["write"]>[1];

/**
 * An open port that streams share. It has one reader, which reads when the stream that joined last
 * does, and hands on to the one that joined last by then. So no stream that its client has left
 * takes what comes later, and a slow client slows the device down. The last to leave closes it.
 */
export class SharedPort {
  /** The port itself; reading and closing it is left to the streams. */
  readonly port: SerialPort;
  /** Oldest first. */
  #shares: Share[] = [];
  #isReading = false;
  #end: Promise<null> | undefined;
  #lastWrite: Promise<void> = Promise.resolve();
  #isWriteClosed = false;
  #closed: Promise<void> | undefined;

  constructor(port: SerialPort) {
    this.port = port;
  }

  /** Whether the port is still there. */
  get isOpen(): boolean {
    return this.#end === undefined && this.#closed === undefined;
  }

  /** Whether another stream can join: read, and write. */
  get takesStreams(): boolean {
    return this.isOpen && !this.#isWriteClosed;
  }

  /** Settles when the port is closed; `undefined` while a stream has it. */
  get closed(): Promise<void> | undefined {
    return this.#closed;
  }

  /** What all streams read once the port has come to its end: `null`, or the failure. */
  get end(): Promise<null> | undefined {
    return this.#end;
  }

  /** A stream that gets, from now on, what comes. */
  join(): SerialPort {
    const share = new Share(this);
    this.#shares.push(share);
    return share;
  }

  /** Reads as long as the newest stream waits. */
  async feed(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#end === undefined && this.#shares.at(-1)?.isWaiting) {
      try {
        const chunk = await this.port.read();
        if (chunk === null) this.#finish(Promise.resolve(null));
        else this.#shares.at(-1)?.take(chunk);
      } catch (error) {
        this.#finish(Promise.reject(error));
      }
    }
    this.#isReading = false;
  }

  /** Writes after what other streams have begun to write. */
  write(bytes: Uint8Array, options: WriteOptions): Promise<void> {
    const write = this.#lastWrite.then(() => {
      options?.signal?.throwIfAborted();
      return this.port.write(bytes, options);
    });
    this.#lastWrite = write.catch(() => {}); // it is the writer's
    return write;
  }

  /** Ends our direction once every stream has ended its own. */
  async endWriting(): Promise<void> {
    if (this.#isWriteClosed || !this.#shares.every((share) => share.isWriteClosed)) return;
    this.#isWriteClosed = true;
    await this.#lastWrite;
    await this.port.closeWrite();
  }

  /** Takes a stream away; what comes goes to the one before it. */
  async leave(share: Share): Promise<void> {
    this.#shares = this.#shares.filter((other) => other !== share);
    if (this.#shares.length === 0) return await (this.#closed ??= this.port[Symbol.asyncDispose]());
    void this.feed();
    await this.endWriting();
  }

  #finish(end: Promise<null>): void {
    end.catch(() => {}); // those who read are told
    this.#end = end;
    for (const share of this.#shares) share.wake();
  }
}

/** One stream's part of the port. */
class Share implements SerialPort {
  isWriteClosed = false;
  #shared: SharedPort;
  /** What came for this stream while it did not read: a chunk for each read that it joined in. */
  #held: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  #hasLeft = false;

  constructor(shared: SharedPort) {
    this.#shared = shared;
  }

  get isWaiting(): boolean {
    return this.#wake !== undefined;
  }

  take(chunk: Uint8Array): void {
    this.#held.push(chunk);
    this.wake();
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  async read(): Promise<Uint8Array | null> {
    while (this.#held.length === 0) {
      if (this.#hasLeft) return null;
      if (this.#shared.end !== undefined) return await this.#shared.end;
      const woken = new Promise<void>((wake) => this.#wake = wake);
      void this.#shared.feed();
      await woken;
    }
    return this.#held.shift()!;
  }

  write(bytes: Uint8Array, options?: WriteOptions): Promise<void> {
    return this.#shared.write(bytes, options);
  }

  closeWrite(): Promise<void> {
    this.isWriteClosed = true;
    return this.#shared.endWriting();
  }

  async drain(): Promise<void> {
    await this.#shared.port.drain?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#held = [];
    const left = this.#shared.leave(this);
    this.wake();
    await left;
  }
}
