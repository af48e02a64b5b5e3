import assert from "node:assert/strict";
import { hasSocat, ptyPair } from "../../tests/support/pty_pair.ts";
import { PySerial, type PySerialConfig, type SerialPort } from "./mod.ts";
import { TtyPort } from "./tty_port.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunk: Uint8Array | null) => new TextDecoder().decode(chunk ?? undefined);

/** A device as a terminal is one: it can be opened often, and the read that waits longest gets. */
class Device {
  /** Openings that are not closed. */
  open = 0;
  received = "";
  isWriteClosed = false;
  /** Held back while it is there. */
  writing: Promise<void> | undefined;
  #reads: { end(): void; give(chunk: Uint8Array | null): void; fail(error: Error): void }[] = [];

  /** Reads that wait. */
  get waiting(): number {
    return this.#reads.length;
  }

  send(data: string | null): void {
    const read = this.#reads.shift();
    assert.ok(read !== undefined, "nobody reads");
    read.give(data === null ? null : bytes(data));
  }

  unplug(): void {
    for (const { fail } of this.#reads.splice(0)) fail(new Error("unplugged"));
  }

  openPort(): SerialPort {
    this.open++;
    this.isWriteClosed = false;
    let end: (() => void) | undefined;
    return {
      read: () => {
        const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | null>();
        end = () => resolve(null);
        this.#reads.push({ end, give: resolve, fail: reject });
        return promise;
      },
      write: async (data) => {
        await this.writing;
        this.received += text(data);
      },
      closeWrite: () => {
        this.isWriteClosed = true;
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => {
        this.open--;
        this.#reads = this.#reads.filter((read) => read.end !== end);
        end?.();
        return Promise.resolve();
      },
    };
  }
}

function driver(url: string, device?: Device): PySerial {
  const { issues, value } = PySerial.config["~standard"].validate({ url }) as {
    issues?: unknown;
    value: PySerialConfig;
  };
  assert.equal(issues, undefined);
  class Fake extends PySerial {
    protected override async openPort() {
      return await device!.openPort();
    }
  }
  const host = {
    log: () => {},
    openResource: () => Promise.reject(new Error("no resources here")),
  };
  const context = { name: "serial", config: value, children: new Map(), host };
  return device === undefined ? new PySerial(context) : new Fake(context);
}

/** Lets everything happen that waits for nothing. */
const settle = () => new Promise<void>((done) => setTimeout(done, 0));

Deno.test("what comes after a stream is opened reaches it, though an older one reads", async () => {
  const device = new Device();
  await using serial = driver("/dev/fake", device);
  const left = await serial.connect();
  const stale = left.read();
  const stream = await serial.connect();
  const read = stream.read();
  device.send("for the new one");
  assert.equal(text(await read), "for the new one");
  const next = stream.read();
  device.send("and on");
  assert.equal(text(await next), "and on");
  await left[Symbol.asyncDispose]();
  assert.equal(await stale, null);
});

Deno.test("what comes before the new stream reads waits for it", async () => {
  const device = new Device();
  await using serial = driver("/dev/fake", device);
  void (await serial.connect()).read();
  const stream = await serial.connect();
  device.send("early");
  await settle();
  assert.equal(text(await stream.read()), "early");
});

Deno.test("a new stream that does not read holds the device back, whoever else reads", async () => {
  const device = new Device();
  await using serial = driver("/dev/fake", device);
  void (await serial.connect()).read();
  const stream = await serial.connect();
  device.send("one");
  await settle();
  assert.equal(device.waiting, 0);
  assert.equal(text(await stream.read()), "one");
  await settle();
  assert.equal(device.waiting, 0);
  const read = stream.read();
  device.send("two");
  assert.equal(text(await read), "two");
});

Deno.test("when the newest stream leaves, the one before it gets what comes", async () => {
  const device = new Device();
  await using serial = driver("/dev/fake", device);
  const one = await serial.connect();
  const two = await serial.connect();
  const read = one.read();
  await settle();
  assert.equal(device.waiting, 0);
  await two[Symbol.asyncDispose]();
  device.send("back");
  assert.equal(text(await read), "back");
});

Deno.test("a port is opened once for all streams and the lines, and closed with the last", async () => {
  const device = new Device();
  await using serial = driver("/dev/fake", device);
  const [one, two] = await Promise.all([serial.connect(), serial.connect()]);
  await serial.setDtr(true);
  assert.equal(device.open, 1);
  await one.write(bytes("one "));
  await one[Symbol.asyncDispose]();
  await assert.rejects(one.write(bytes("late")), /the serial port is closed/);
  await two.write(bytes("two"));
  assert.equal(device.received, "one two");
  const read = two.read();
  await two[Symbol.asyncDispose]();
  assert.equal(await read, null);
  assert.equal(device.open, 0);

  await serial.connect();
  assert.equal(device.open, 1);
  await serial.close();
  assert.equal(device.open, 0);
});

Deno.test("writes of several streams do not mix, and a stream that leaves does not wait", async () => {
  const device = new Device();
  await using serial = driver("/dev/fake", device);
  const [one, two, three] = [
    await serial.connect(),
    await serial.connect(),
    await serial.connect(),
  ];
  const { promise, resolve } = Promise.withResolvers<void>();
  device.writing = promise;
  const first = one.write(bytes("one "));
  const second = assert.rejects(two.write(bytes("two ")), /the serial port is closed/);
  const third = three.write(bytes("three"));
  await two[Symbol.asyncDispose]();
  await second;
  assert.equal(device.received, "");
  resolve();
  await Promise.all([first, third]);
  assert.equal(device.received, "one three");
});

Deno.test("the port's direction ends with the last stream that writes, and opens anew", async () => {
  const device = new Device();
  await using serial = driver("/dev/fake", device);
  const one = await serial.connect();
  const two = await serial.connect();
  await one.closeWrite();
  assert.equal(device.isWriteClosed, false);
  await two.write(bytes("two"));
  await two[Symbol.asyncDispose]();
  assert.equal(device.isWriteClosed, true);
  const read = one.read();
  await serial.setRts(true);
  assert.deepEqual([device.open, device.isWriteClosed], [1, true]);
  device.send("the answer");
  assert.equal(text(await read), "the answer");

  const three = await serial.connect(); // `one` gives way
  assert.equal(await one.read(), null);
  assert.deepEqual([device.open, device.isWriteClosed], [1, false]);
  await three.write(bytes(" three"));
  assert.equal(device.received, "two three");
});

Deno.test("the end of a port reaches every stream, and the next one opens it anew", async () => {
  for (const how of ["ends", "breaks"] as const) {
    const device = new Device();
    await using serial = driver("/dev/fake", device);
    const streams = [await serial.connect(), await serial.connect()];
    const reads = streams.map((stream) => stream.read());
    if (how === "ends") device.send(null);
    else device.unplug();
    const told = async (read: Promise<unknown>) => {
      if (how === "ends") assert.equal(await read, null);
      else await assert.rejects(read, /unplugged/);
    };
    await Promise.all(reads.map(told));
    await Promise.all(streams.map((stream) => told(stream.read())));
    const next = await serial.connect();
    assert.equal(device.open, 2);
    const read = next.read();
    device.send("again");
    assert.equal(text(await read), "again");
  }
});

Deno.test("a port that did not open is tried again", async () => {
  let isThere = false;
  const device = new Device();
  const open = device.openPort.bind(device);
  device.openPort = () => {
    if (!isThere) throw new Error("not there");
    return open();
  };
  await using serial = driver("/dev/fake", device);
  const refused = () => assert.rejects(serial.connect(), /not there/);
  await Promise.all([refused(), refused()]);
  isThere = true;
  await serial.connect();
  assert.equal(device.open, 1);
});

Deno.test({ name: "a terminal hands on to the newest stream", ignore: !hasSocat }, async () => {
  await using pair = await ptyPair();
  await using device = await TtyPort.open(pair.right, 115_200);
  await using serial = driver(pair.left);
  const stale: Promise<null>[] = [];
  for (let round = 0; round < 20; round++) {
    const stream = await serial.connect();
    await stream.write(bytes("?"));
    assert.equal(text(await device.read()), "?");
    await device.write(bytes(`${round}`));
    assert.equal(text(await Promise.race([stream.read(), ...stale])), `${round}`);
    stale.push(stream.read().then(() => null)); // its client leaves, and has not said so yet
  }
});

Deno.test("socket:// hands on to the newest stream, over one connection", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using serial = driver(`socket://127.0.0.1:${listener.addr.port}`);
  const left = await serial.connect();
  const stale = left.read();
  using connection = await listener.accept();
  await using stream = await serial.connect();
  const read = stream.read();
  await connection.write(bytes("for the new one"));
  assert.equal(text(await read), "for the new one");
  await serial.close();
  assert.equal(await stale, null);
  assert.equal(await connection.read(new Uint8Array(1)), null);
});
