import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { ConnectionError } from "@jumpstarter/lib/errors";
import { type ByteStream, DatagramQueue } from "@jumpstarter/lib/streams";

/**
 * Exchanges datagrams with one address: a chunk written is a datagram sent, a datagram received is a
 * chunk read. Datagrams know no end, so it lasts until it is disposed. Fails with an error that
 * names the place.
 */
export async function connectUdp(hostname: string, port: number): Promise<ByteStream> {
  const place = `${hostname}:${port}`;
  let socket: Socket | undefined;
  try {
    const { address, family } = await lookup(hostname);
    socket = createSocket(family === 6 ? "udp6" : "udp4");
    const stream = new DatagramStream(socket, place);
    await new Promise<void>((resolve, reject) => {
      socket!.once("error", reject);
      socket!.connect(port, address, resolve);
    });
    return stream;
  } catch (cause) {
    socket?.close();
    throw new ConnectionError(`cannot send datagrams to ${place}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

class DatagramStream implements ByteStream {
  #socket: Socket;
  #place: string;
  #received = new DatagramQueue();
  #isClosed = false;

  constructor(socket: Socket, place: string) {
    this.#socket = socket;
    this.#place = place;
    socket.on("message", (datagram: Uint8Array) => this.#received.push(datagram));
    socket.on("error", (error: Error) => this.#received.end(this.#broken(error)));
  }

  read(): Promise<Uint8Array | null> {
    return this.#received.read();
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#isClosed) throw new Deno.errors.BrokenPipe(`the socket to ${this.#place} is closed`);
    await new Promise<void>((resolve, reject) => {
      this.#socket.send(bytes, (error) => error ? reject(this.#broken(error)) : resolve());
    });
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  #broken(cause: Error): ConnectionError {
    return new ConnectionError(
      `exchanging datagrams with ${this.#place} failed: ${cause.message}`,
      { cause },
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isClosed) this.#socket.close();
    this.#isClosed = true;
    this.#received.close();
    return Promise.resolve();
  }
}
