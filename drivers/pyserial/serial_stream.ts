import { ConnectionError } from "@jumpstarter/lib/errors";
import { type ByteStream, unlessAborted } from "@jumpstarter/lib/streams";
import { Pace } from "./pace.ts";
import type { SerialPort } from "./serial_port.ts";

/** A client's stream to an open port: paced, and able to be closed from outside. */
export class SerialStream implements ByteStream {
  /** Settles when the client has written its last byte and it has left, or the stream is closed. */
  readonly sent: Promise<void>;
  #port: SerialPort;
  #pace: Pace | undefined;
  #closing = new AbortController();
  #settleSent: () => void;
  #onClose: () => void;
  #isWriteClosed = false;

  /** `cps`: characters per second for what is written; `null` for as fast as it goes. */
  constructor(port: SerialPort, cps: number | null, onClose: () => void) {
    this.#port = port;
    this.#pace = cps === null ? undefined : new Pace(cps);
    this.#onClose = onClose;
    ({ promise: this.sent, resolve: this.#settleSent } = Promise.withResolvers<void>());
  }

  /** Whether the client has ended its side, and at most reads on. */
  get isWriteClosed(): boolean {
    return this.#isWriteClosed;
  }

  read(): Promise<Uint8Array | null> {
    return this.#port.read();
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { signal } = this.#closing;
    const write = (part: Uint8Array) => this.#port.write(part, { signal });
    await unlessAborted(
      () => this.#pace?.write(bytes, write, signal) ?? write(bytes),
      signal,
    );
  }

  closeWrite(): Promise<void> {
    this.#isWriteClosed = true;
    return Promise.race([this.#endWriting(), this.sent]);
  }

  async #endWriting(): Promise<void> {
    await this.#port.closeWrite();
    await this.#port.drain?.();
    this.#settleSent();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new ConnectionError("the serial port is closed"));
    try {
      await this.#port[Symbol.asyncDispose]();
    } finally {
      this.#settleSent();
      this.#onClose();
    }
  }
}
