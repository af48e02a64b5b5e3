import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import type { DriverContext, LogRecord } from "@jumpstarter/lib/driver";
import { copy, pipe } from "@jumpstarter/lib/streams";
import { FakeTime } from "../../tests/support/fake_time.ts";
import { hasSocat, ptyPair } from "../../tests/support/pty_pair.ts";
import { PySerial, PySerialClient, type PySerialConfig } from "./mod.ts";
import { TtyPort } from "./tty_port.ts";

const type = "jumpstarter_driver_pyserial.driver.PySerial";
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunk: Uint8Array | null) => new TextDecoder().decode(chunk ?? undefined);

function context(config: Partial<PySerialConfig>, log: LogRecord[] = []) {
  const defaults = PySerial.config["~standard"].validate({ url: "loop://", ...config });
  assert.ok(!(defaults instanceof Promise) && defaults.issues === undefined);
  const host = {
    log: (record: LogRecord) => void log.push(record),
    openResource: () => Promise.reject(new Error("no resources here")),
  };
  const given: DriverContext<PySerialConfig> = {
    name: "serial",
    config: defaults.value,
    children: new Map(),
    host,
  };
  return given;
}

async function fault(config: Record<string, unknown>): Promise<string | undefined> {
  return (await PySerial.config["~standard"].validate(config)).issues?.[0]?.message;
}

Deno.test("the settings have the peer's defaults", () => {
  assert.deepEqual(context({ url: "/dev/ttyUSB0" }).config, {
    url: "/dev/ttyUSB0",
    baudrate: 115_200,
    check_present: true,
    cps: null,
    disable_hupcl: false,
  });
});

Deno.test("a URL that cannot be opened is refused by name, with what there is", async () => {
  assert.match(
    (await fault({ url: "rfc2217://host:1" }))!,
    /"rfc2217:\/\/" is not supported; use a device path, socket:\/\/HOST:PORT, or loop:\/\//,
  );
  assert.match((await fault({ url: "spy:///dev/ttyUSB0" }))!, /"spy:\/\/" is not supported/);
  assert.match((await fault({ url: "socket://host" }))!, /needs a host and a port/);
  assert.match((await fault({ url: "" }))!, /is empty/);
  assert.equal(await fault({ url: "socket://[::1]:4000" }), undefined);
});

Deno.test("loop:// gives back what is written, to its own stream only", async () => {
  await using serial = new PySerial(context({}));
  await serial.reset();
  const one = await serial.connect();
  const two = await serial.connect();
  await one.write(bytes("one"));
  await two.write(bytes("two"));
  assert.equal(text(await one.read()), "one");
  assert.equal(text(await two.read()), "two");
});

Deno.test("socket:// talks to a TCP server, which must be there when a session starts", async () => {
  let url: string;
  {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    url = `socket://127.0.0.1:${listener.addr.port}`;
    await using serial = new PySerial(context({ url, check_present: false }));
    await serial.reset();
    await using stream = await serial.connect();
    using connection = await listener.accept();
    await stream.write(bytes("AT\r"));
    const buffer = new Uint8Array(8);
    assert.equal(await connection.read(buffer), 3);
    await connection.write(bytes("OK"));
    assert.equal(text(await stream.read()), "OK");
  }
  await using serial = new PySerial(context({ url }));
  await assert.rejects(serial.reset(), /cannot connect to 127\.0\.0\.1:.*check_present: false/);
});

Deno.test("a port that is missing aborts the session, unless check_present is off [drivers 9.3]", async () => {
  const url = "/dev/ttyNOWHERE0";
  await assert.rejects(
    new PySerial(context({ url })).reset(),
    /cannot open the serial port \/dev\/ttyNOWHERE0: no such file.*plug it in/,
  );
  await new PySerial(context({ url, check_present: false })).reset();
});

Deno.test("close() ends open streams, and is harmless when there are none", async () => {
  const serial = new PySerial(context({}));
  await serial.close();
  const stream = await serial.connect();
  const read = stream.read();
  await serial.close();
  assert.equal(await read, null);
  await assert.rejects(stream.write(bytes("x")), /the serial port is closed/);
});

Deno.test("cps spreads bytes over time, with no wait after the last", async () => {
  using time = new FakeTime();
  await using serial = new PySerial(context({ cps: 100 }));
  await using stream = await serial.connect();
  const events: string[] = [];
  const note = (what: string) => events.push(`${what} at ${performance.now()}`);
  const reading = (async () => {
    for (let count = 0; count < 3; count++) note(text(await stream.read()));
  })();
  const writing = stream.write(bytes("abc")).then(() => note("written"));
  await time.pass(20);
  await Promise.all([reading, writing]);
  assert.deepEqual(events.toSorted(), ["a at 0", "b at 10", "c at 20", "written at 20"]);
});

Deno.test("closing a stream ends a paced write at once", async () => {
  await using serial = new PySerial(context({ cps: 0.01 }));
  const stream = await serial.connect();
  const write = assert.rejects(stream.write(bytes("slow")), /the serial port is closed/);
  assert.equal(text(await stream.read()), "s");
  await stream[Symbol.asyncDispose]();
  await write;
});

Deno.test("no limit is no wait: cps null, 0 and less", async () => {
  for (const cps of [null, 0, -1]) {
    await using serial = new PySerial(context({ cps }));
    await using stream = await serial.connect();
    await stream.write(bytes("whole"));
    assert.equal(text(await stream.read()), "whole");
  }
});

Deno.test("lines that a port does not have are a warning", async () => {
  const log: LogRecord[] = [];
  await using serial = new PySerial(context({}, log));
  await serial.setDtr(true);
  assert.deepEqual(log.map(({ severity, message }) => [severity, message]), [
    ["WARNING", "loop:// has no DTR line; nothing is set"],
  ]);
});

Deno.test("a subclass brings a port of its own by openPort()", async () => {
  class Board extends PySerial {
    protected override openPort() {
      const [board, port] = pipe();
      void copy(board, board).catch(() => {});
      return Promise.resolve(port);
    }
  }
  await using board = new Board(context({ url: "/dev/none" }));
  await board.reset();
  await using stream = await board.connect();
  await stream.write(bytes("hi"));
  assert.equal(text(await stream.read()), "hi");
});

Deno.test({ name: "a real port serves a dialogue over the wire", ignore: !hasSocat }, async () => {
  await using pair = await ptyPair();
  await using device = await TtyPort.open(pair.right, 115_200);
  await using board = await serve(
    { serial: { type, config: { url: pair.left, disable_hupcl: true } } },
    { serial: PySerialClient },
  );
  await using console = await board.serial.expect({ lineEnd: "\r" });
  await device.write(bytes("boot\r\nlogin: "));
  const { before } = await console.until("login:", { within: 5000 });
  assert.equal(before, "boot\r\n");
  await console.sendLine("root");
  assert.equal(text(await device.read()), "root\r");
});

Deno.test(
  { name: "setting a line a pty does not have is an error", ignore: !hasSocat },
  async () => {
    await using pair = await ptyPair();
    await using board = await serve(
      { serial: { type, config: { url: pair.left } } },
      { serial: PySerialClient },
    );
    await assert.rejects(board.serial.setDtr(true), /cannot set DTR of .*: inappropriate ioctl/);
    await assert.rejects(board.serial.setRts(false), /cannot set RTS of/);
  },
);

Deno.test("the client closes the port, and drain() waits for what is on its way [drivers 9.1.13]", async () => {
  await using board = await serve(
    { serial: { type, config: { url: "loop://", cps: 200 } } },
    { serial: PySerialClient },
  );
  await using stream = await board.serial.stream();
  {
    using time = new FakeTime();
    await stream.write(bytes("0123456789"));
    await stream.closeWrite();
    let isDrained = false;
    const draining = board.serial.drain().then(() => isDrained = true);
    for (const byte of "0123456789") {
      assert.equal(isDrained, false, `${byte} is not written yet`);
      assert.equal(text(await stream.read()), byte);
      await time.pass(5);
    }
    await draining;
    assert.equal(await stream.read(), null);
  }

  await using idle = await board.serial.stream();
  const read = idle.read();
  await board.serial.close();
  assert.equal(await read, null);
});
