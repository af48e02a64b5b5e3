import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import { hasSocat, ptyPair } from "../../tests/support/pty_pair.ts";
import { testIo } from "../../tests/support/command_io.ts";
import { commands } from "./commands.ts";
import { PySerialClient } from "./mod.ts";
import { TtyPort } from "./tty_port.ts";

const type = "jumpstarter_driver_pyserial.driver.PySerial";
const bytes = (text: string) => new TextEncoder().encode(text);

/** The options of `pipe` as `j` gives them. */
const none = { output: undefined, input: false, noInput: false, append: false, noOutput: false };

function board(config: Record<string, unknown> = { url: "loop://" }) {
  return serve({ serial: { type, config } }, { serial: PySerialClient });
}

/** Reads from a port until it has given as much as expected. */
async function receive(port: TtyPort, size: number): Promise<string> {
  let text = "";
  while (text.length < size) text += new TextDecoder().decode((await port.read())!);
  return text;
}

Deno.test("start-console joins the terminal, gives a hint, and leaves at three Ctrl-B", async () => {
  await using served = await board();
  const { io, notes, modes, shown, type } = testIo({ isTerminal: true });
  const running = commands.startConsole!.run(served.serial, {}, io);
  await type("ls\r");
  await shown("ls\r");
  await type("\x02\x02");
  await shown("\x02\x02");
  await type("\x02");
  await running;
  assert.match(notes[0]!, /Ctrl-B three times/);
  assert.deepEqual(modes, [true, false]);
});

Deno.test("start-console ends when the exporter closes the port, or on a signal", async () => {
  await using served = await board();
  for (const how of ["close", "interrupt"] as const) {
    const { io, modes, shown, type, interrupt } = testIo({ isTerminal: true });
    const running = commands.startConsole!.run(served.serial, {}, io);
    await type("x");
    await shown("x");
    if (how === "close") await served.serial.close();
    else interrupt();
    await running;
    assert.deepEqual(modes, [true, false]);
  }
});

Deno.test("start-console without a terminal is a usage error", async () => {
  await using served = await board();
  await assert.rejects(
    async () => await commands.startConsole!.run(served.serial, {}, testIo().io),
    { code: "usage" },
  );
});

Deno.test("pipe sends standard input, shows the answer, and ends with the port", async () => {
  await using served = await board();
  const { io, notes, output, type, endInput } = testIo();
  const running = commands.pipe!.run(served.serial, none, io);
  await type("hello");
  await endInput(); // half-close: a loopback ends then
  await running;
  assert.equal(output(), "hello");
  assert.deepEqual(notes, [
    "copying the port to standard output and standard input to the port; Ctrl-C ends it",
    "the port was closed",
  ]);
});

Deno.test(
  { name: "pipe goes on after the end of input until Ctrl-C", ignore: !hasSocat },
  async () => {
    await using pair = await ptyPair();
    await using device = await TtyPort.open(pair.right, 115_200);
    await using served = await board({ url: pair.left });
    const { io, shown, type, endInput, interrupt } = testIo();
    const running = commands.pipe!.run(served.serial, none, io);
    await type("reboot\n");
    await endInput();
    assert.equal(await receive(device, 7), "reboot\n");
    await device.write(bytes("booting"));
    await shown("booting");
    interrupt();
    await running;
  },
);

Deno.test("pipe --output writes a file, and --append adds to it", async () => {
  await using served = await board();
  const cwd = await Deno.makeTempDir();
  for (const append of [false, false, true]) {
    const { io, output, type, endInput } = testIo({ cwd });
    const running = commands.pipe!.run(served.serial, { ...none, output: "log", append }, io);
    await type("line\n");
    await endInput();
    await running;
    assert.equal(output(), "");
  }
  assert.equal(await Deno.readTextFile(`${cwd}/log`), "line\nline\n");
  await Deno.remove(cwd, { recursive: true });
});

Deno.test(
  { name: "pipe --no-output ends once all has left the port", ignore: !hasSocat },
  async () => {
    await using pair = await ptyPair();
    await using device = await TtyPort.open(pair.right, 115_200);
    await using served = await board({ url: pair.left, cps: 500 });
    const sent = "x".repeat(100);
    const { io, output, type, endInput } = testIo();
    const running = commands.pipe!.run(served.serial, { ...none, noOutput: true }, io);
    const received = receive(device, sent.length);
    await device.write(bytes("noise that nobody sees"));
    await type(sent);
    await endInput();
    await running;
    assert.equal(await received, sent);
    assert.equal(output(), "");
  },
);

Deno.test("pipe --no-output fails when the port closes before all is sent", async () => {
  await using served = await board({ url: "loop://", cps: 20 });
  const { io, type } = testIo();
  const running = commands.pipe!.run(served.serial, { ...none, noOutput: true }, io);
  const failed = assert.rejects(Promise.resolve(running), { code: "incomplete" });
  await type("x".repeat(50));
  await type("y");
  await served.serial.close();
  await failed;
});

Deno.test("options of pipe that exclude each other are usage errors", async () => {
  await using served = await board();
  for (
    const values of [
      { input: true, noInput: true },
      { noOutput: true, output: "file" },
      { noOutput: true, append: true },
      { append: true },
      { noOutput: true, noInput: true },
    ]
  ) {
    await assert.rejects(
      async () => await commands.pipe!.run(served.serial, { ...none, ...values }, testIo().io),
      { code: "usage" },
    );
  }
  const terminal = testIo({ isTerminal: true });
  await assert.rejects(
    async () => await commands.pipe!.run(served.serial, { ...none, noOutput: true }, terminal.io),
    { code: "usage", message: /--no-output needs input/ },
  );
});
