import assert from "node:assert/strict";
import type { checks as all } from "../checks.ts";
import { bytes, type Check, given, type Readable, receive, text } from "./board.ts";

/** The far end of `tty`. */
class Device implements Readable, Disposable {
  #file = Deno.openSync(given("DEVICE"), { read: true, write: true });

  async read(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(4096);
    const size = await this.#file.read(buffer);
    return size === null ? null : buffer.subarray(0, size);
  }

  async write(data: Uint8Array): Promise<void> {
    for (let sent = 0; sent < data.length;) sent += await this.#file.write(data.subarray(sent));
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

export const checks: Record<(typeof all)["serial"][number], Check> = {
  async "loop:// gives back what is written, to each stream its own"({ loop }) {
    await using first = await loop.stream();
    await using second = await loop.stream();
    await first.write(bytes("one"));
    await second.write(bytes("two"));
    assert.equal(text(await receive(second, 3)), "two");
    assert.equal(text(await receive(first, 3)), "one");
  },
  async "socket:// carries bytes both ways"({ socket }) {
    await using stream = await socket.stream();
    await stream.write(bytes("over a socket"));
    assert.equal(text(await receive(stream, 13)), "over a socket");
  },
  async "a terminal carries bytes both ways"({ tty }) {
    using device = new Device();
    await using stream = await tty.stream();
    await stream.write(bytes("to the device"));
    assert.equal(text(await receive(device, 13)), "to the device");
    await device.write(bytes("to the client"));
    assert.equal(text(await receive(stream, 13)), "to the client");
  },
  async "a terminal carries all 256 bytes unchanged"({ tty }) {
    const every = Uint8Array.from({ length: 256 }, (_, index) => index);
    using device = new Device();
    await using stream = await tty.stream();
    await stream.write(every);
    assert.deepEqual(await receive(device, 256), every);
    await device.write(every);
    assert.deepEqual(await receive(stream, 256), every);
  },
  async "a terminal takes a dialogue"({ tty }) {
    using device = new Device();
    await using console = await tty.expect();
    await console.sendLine("marco");
    assert.equal(text(await receive(device, 6)), "marco\n");
    await device.write(bytes("polo 42\r\n"));
    const { match } = await console.until(/polo (\d+)\r\n/, { within: 5_000 });
    assert.equal(match[1], "42");
  },
  async "set_dtr() and set_rts() work where there are such lines"({ loop }) {
    for (const value of [true, false]) {
      await loop.setDtr(value);
      await loop.setRts(value);
    }
  },
  async "set_dtr() and set_rts() of a pseudo-terminal, which has none, fail in the driver"(
    { tty },
  ) {
    await assert.rejects(tty.setDtr(true), { code: "driver" });
    await assert.rejects(tty.setRts(true), { code: "driver" });
  },
  async "close() ends the stream that is open, and the port can be opened again"({ tty }) {
    using device = new Device();
    {
      await using stream = await tty.stream();
      await tty.close();
      // Whether it ends or breaks is not agreed.
      assert.equal(await stream.read().catch(() => null), null);
    }
    await tty.close();
    await using stream = await tty.stream();
    await stream.write(bytes("again"));
    assert.equal(text(await receive(device, 5)), "again");
  },
};
