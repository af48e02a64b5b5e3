import { setTimeout as delay } from "node:timers/promises";
import { ConnectionError, TimeoutError } from "@jumpstarter/lib/errors";
import { CONNECT_TIMEOUT } from "./connect.ts";
import type { ByteStream } from "@jumpstarter/lib/streams";

/** Bytes that may wait to be sent before a writer has to wait. */
const MAX_UNSENT = 1_048_576;
/** Bytes that may wait to be read. A WebSocket cannot tell its server to wait. */
const MAX_UNREAD = 67_108_864;
/** Milliseconds between looks at what is unsent; there is no event for it. */
const UNSENT_INTERVAL = 5;
/** Milliseconds that a server has to confirm a close. */
const CLOSE_TIMEOUT = 1_000;

/**
 * Connects to a WebSocket: a chunk written is a binary message sent, a message received is a chunk
 * read. There is no half-close. Fails with an error that names the place.
 */
export async function connectWebSocket(url: string): Promise<ByteStream> {
  const place = placeOf(url);
  const stream = new WebSocketStream(new WebSocket(url), place);
  const timeout = new AbortController();
  const late = delay(CONNECT_TIMEOUT, undefined, timeout).then(() => {
    throw new TimeoutError(`${place} does not answer within ${CONNECT_TIMEOUT / 1000} s`);
  });
  late.catch(() => {}); // it was given up in time
  try {
    await Promise.race([stream.opened, late]);
    return stream;
  } catch (error) {
    stream.opened.catch(() => {}); // closing it now is no second failure
    await stream[Symbol.asyncDispose]();
    throw error;
  } finally {
    timeout.abort();
  }
}

/** A URL without what may be a secret in it. */
function placeOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

class WebSocketStream implements ByteStream {
  readonly opened: Promise<void>;
  #socket: WebSocket;
  #place: string;
  #unread: Uint8Array[] = [];
  #size = 0;
  #failure: ConnectionError | undefined;
  #closed = Promise.withResolvers<void>();
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(socket: WebSocket, place: string) {
    this.#socket = socket;
    this.#place = place;
    socket.binaryType = "arraybuffer";
    this.opened = new Promise((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onclose = () => {
        this.#isClosed = true;
        this.#closed.resolve();
        this.#wake?.();
        reject(this.#failure ?? new ConnectionError(`cannot connect to ${place}`));
      };
    });
    socket.onerror = (event) => {
      const { message } = event as ErrorEvent;
      this.#failure ??= new ConnectionError(`the connection to ${place} failed: ${message}`);
    };
    socket.onmessage = ({ data }) => this.#receive(data);
  }

  #receive(data: ArrayBuffer | string): void {
    const message = typeof data === "string"
      ? new TextEncoder().encode(data)
      : new Uint8Array(data);
    if (message.length === 0 || this.#failure !== undefined) return;
    this.#size += message.length;
    if (this.#size > MAX_UNREAD) {
      this.#failure = new ConnectionError(`${this.#place} sends faster than its client reads`);
      this.#socket.close();
    } else {
      this.#unread.push(message);
    }
    this.#wake?.();
  }

  async read(): Promise<Uint8Array | null> {
    while (this.#unread.length === 0 && !this.#isClosed && this.#failure === undefined) {
      await new Promise<void>((wake) => this.#wake = wake);
    }
    const message = this.#unread.shift();
    if (message === undefined && this.#failure !== undefined) throw this.#failure;
    this.#size -= message?.length ?? 0;
    return message ?? null;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN) {
      throw this.#failure ?? new Deno.errors.BrokenPipe(`${this.#place} is closed`);
    }
    this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
    while (this.#socket.bufferedAmount > MAX_UNSENT && !this.#isClosed) {
      await delay(UNSENT_INTERVAL);
    }
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#unread = [];
    this.#socket.close();
    const timeout = new AbortController();
    const late = delay(CLOSE_TIMEOUT, undefined, timeout).catch(() => {}); // closed in time
    await Promise.race([this.#closed.promise, late]);
    timeout.abort();
    this.#isClosed = true;
    this.#wake?.();
  }
}
