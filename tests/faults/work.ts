import { FlasherClient, PySerialClient } from "@jumpstarter/drivers/clients";
import type { BoardSession } from "@jumpstarter/lib/client";
import type { DriverClient } from "@jumpstarter/lib/driver";
import { types } from "../support/exporter_file.ts";
import { until } from "../support/running.ts";
import { device } from "./exporter.ts";

/** What a client is in the middle of; it ends only with the client or the exporter. */
export interface Work {
  readonly name: string;
  /** Starts it; resolves once the exporter is at it, with what comes of it. */
  readonly begin: (board: BoardSession) => Promise<{ over: Promise<unknown> }>;
}

/** Entries of an exporter file that the work needs. */
export const workEntries: Record<string, unknown> = {
  device: { type: device },
  flasher: { type: types.flasher },
  board: { type: types.board, config: { boot_time: 0 } },
};

/** The same, with a serial port. */
export function withSerial(port: string): Record<string, unknown> {
  return { ...workEntries, serial: { type: types.serial, config: { url: port } } };
}

/** Every kind of work. */
export const works: readonly Work[] = [
  {
    name: "a call",
    async begin(board) {
      const client = board.child("device");
      const before = await held(client);
      const over = client.call("wait", 300);
      over.catch(() => {}); // whoever waits for it hears of it
      await until("the device is called", async () => await held(client) > before);
      return { over };
    },
  },
  {
    name: "a streaming call",
    async begin(board) {
      const items = board.child("device").streamingCall("count");
      await items.next();
      return { over: exhaust(items) };
    },
  },
  {
    name: "a byte stream",
    async begin(board) {
      const client = board.child("device");
      const stream = await client.stream();
      await stream.write(new Uint8Array(100));
      await stream.read();
      return { over: stream.read().then(mustNotEnd) };
    },
  },
  {
    name: "a serial port",
    async begin(board) {
      const stream = await board.child("serial", PySerialClient).stream();
      await stream.write(new Uint8Array(100));
      return { over: stream.read().then(mustNotEnd) };
    },
  },
  {
    name: "a flash",
    async begin(board) {
      return await flash(board.child("flasher", FlasherClient));
    },
  },
  {
    name: "a board's flash",
    async begin(board) {
      return await flash(board.child("board.storage", FlasherClient));
    },
  },
  {
    name: "an open LogStream",
    async begin(board) {
      const records = board.logs();
      await records.next();
      return { over: exhaust(records) };
    },
  },
];

/** Flashes from a source that never ends. */
async function flash(client: FlasherClient): Promise<{ over: Promise<unknown> }> {
  const taken = Promise.withResolvers<void>();
  let pieces = 0;
  const source = new ReadableStream<Uint8Array>({
    async pull(controller) {
      // More than all buffers on the way hold: by then the device has its first part.
      if (++pieces > 300) {
        taken.resolve();
        await new Promise(() => {});
      }
      controller.enqueue(new Uint8Array(65_536));
    },
  });
  const over = client.flash(source);
  await Promise.race([taken.promise, over]);
  return { over };
}

/** How much a device has open. */
export async function held(client: DriverClient): Promise<number> {
  return (await client.call("held") as string[]).length;
}

async function exhaust(items: AsyncGenerator<unknown>): Promise<void> {
  for await (const _ of items);
  mustNotEnd();
}

function mustNotEnd(): never {
  throw new Error("it ended as if all were well");
}
