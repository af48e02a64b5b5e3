import type { Board } from "@jumpstarter/lib/client";
import { concat } from "@jumpstarter/lib/streams";
import {
  DbusNetworkClient,
  FlasherClient,
  NetworkClient,
  OpendalClient,
  PowerClient,
  SerialClient,
  ShellClient,
  StorageMuxClient,
  StorageMuxFlasherClient,
} from "@jumpstarter/drivers/clients";

/** What the bench has; see `bench.ts`. */
export const shape = {
  power: PowerClient,
  rack: { spare: PowerClient },
  alias: PowerClient,
  twin: { spare: PowerClient },
  echo: NetworkClient,
  tcp: NetworkClient,
  hidden: NetworkClient,
  relay: NetworkClient,
  unix: NetworkClient,
  own: NetworkClient,
  dbus: DbusNetworkClient,
  dead: NetworkClient,
  loop: SerialClient,
  socket: SerialClient,
  tty: SerialClient,
  files: OpendalClient,
  mirror: OpendalClient,
  flasher: FlasherClient,
  udp: NetworkClient,
  websocket: NetworkClient,
  mux: StorageMuxClient,
  muxFlasher: StorageMuxFlasherClient,
  shell: ShellClient,
};

/** The bench's clients. */
export type Bench = Board<typeof shape>;

/** Fails when something is not as it has to be. */
export type Check = (bench: Bench) => Promise<void>;

/** What the bench tells its scripts. */
export function given(name: "DIR" | "SOCKET" | "DEVICE" | "URL"): string {
  const value = Deno.env.get(`INTEROP_${name}`);
  if (value === undefined) throw new Error(`INTEROP_${name} is not set`);
  return value;
}

/** Text as bytes. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Bytes as text. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Bytes that no compression makes smaller. */
export function random(size: number = 10 * 1024 * 1024): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(size);
  // The runtime gives 64 KiB at a time.
  for (let start = 0; start < size; start += 65_536) {
    crypto.getRandomValues(data.subarray(start, start + 65_536));
  }
  return data;
}

/** What can be read from: a driver's stream, a socket, a file. */
export interface Readable {
  /** The next bytes; `null` at the end. */
  read(): Promise<Uint8Array | null>;
}

/** So many bytes. */
export async function receive(stream: Readable, size: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let length = 0; length < size;) {
    const part = await stream.read();
    if (part === null) throw new Error(`the stream ended after ${length} of ${size} bytes`);
    parts.push(part);
    length += part.length;
  }
  return concat(parts);
}

/** What is left up to the end. */
export async function receiveEnd(stream: Readable): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let part = await stream.read(); part !== null; part = await stream.read()) parts.push(part);
  return concat(parts);
}

/** A sink that keeps what it gets. */
export function memory(): { sink: WritableStream<Uint8Array>; content(): Uint8Array } {
  const parts: Uint8Array[] = [];
  const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
  return { sink, content: () => concat(parts) };
}
