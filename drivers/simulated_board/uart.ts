import { type ByteStream, concat } from "@jumpstarter/lib/streams";

/** A reader that falls behind by more loses the oldest bytes, as at a real UART. */
const MAX_PENDING = 1024 * 1024;

/** The serial line: everybody who is connected sees the same, from when they connect. */
export class Uart {
  #onInput: (text: string) => void;
  #lines = new Set<UartStream>();

  constructor(onInput: (text: string) => void) {
    this.#onInput = onInput;
  }

  /** Puts text on the line. */
  print(text: string): void {
    const bytes = new TextEncoder().encode(text);
    for (const line of this.#lines) line.receive(bytes);
  }

  open(): ByteStream {
    const line: UartStream = new UartStream(this.#onInput, () => this.#lines.delete(line));
    this.#lines.add(line);
    return line;
  }
}

class UartStream implements ByteStream {
  #onInput: (text: string) => void;
  #onClose: () => void;
  #decoder = new TextDecoder();
  #pending: Uint8Array[] = [];
  #size = 0;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(onInput: (text: string) => void, onClose: () => void) {
    this.#onInput = onInput;
    this.#onClose = onClose;
  }

  receive(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#size += bytes.length;
    while (this.#size > MAX_PENDING) this.#size -= this.#pending.shift()!.length;
    this.#wake?.();
  }

  async read(): Promise<Uint8Array | null> {
    while (this.#pending.length === 0) {
      if (this.#isClosed) return null;
      await new Promise<void>((wake) => this.#wake = wake);
    }
    // All at once: the echo of a line is many pieces, and would be as many frames.
    const bytes = concat(this.#pending);
    this.#pending = [];
    this.#size = 0;
    return bytes;
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#onInput(this.#decoder.decode(bytes, { stream: true }));
    return Promise.resolve();
  }

  /** A wire has no end of file. */
  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#onClose();
    this.#wake?.();
    return Promise.resolve();
  }
}
