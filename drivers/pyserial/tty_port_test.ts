import assert from "node:assert/strict";
import { hasSocat, ptyPair } from "../../tests/support/pty_pair.ts";
import { libc } from "./libc.ts";
import { TtyPort } from "./tty_port.ts";

const ignore = !hasSocat;
const bytes = (text: string) => new TextEncoder().encode(text);

function settings(path: string): Promise<string> {
  return run("stty", "-a", "-F", path);
}

async function run(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test(
  { name: "bytes pass both ways unchanged, control characters included", ignore },
  async () => {
    await using pair = await ptyPair();
    await using left = await TtyPort.open(pair.left, 115_200);
    await using right = await TtyPort.open(pair.right, 115_200);
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    await left.write(all);
    const received: number[] = [];
    while (received.length < 256) received.push(...(await right.read())!);
    assert.deepEqual(received, [...all]);
    await right.write(bytes("back"));
    assert.deepEqual(await left.read(), bytes("back"));
  },
);

Deno.test(
  { name: "a port is raw, at the baud rate asked for", ignore },
  async () => {
    await using pair = await ptyPair();
    for (const baudrate of [300, 9600, 115_200, 1_500_000]) {
      await using _ = await TtyPort.open(pair.left, baudrate);
      const shown = await settings(pair.left);
      assert.match(shown, new RegExp(`speed ${baudrate} baud`));
      assert.match(shown, /-parenb.* cs8 .*-cstopb cread clocal -crtscts/);
      assert.match(shown, /-icanon.*-echo /s);
      assert.match(shown, /-icrnl -ixon/);
    }
  },
);

Deno.test({ name: "a port takes a baud rate without a code of its own", ignore }, async () => {
  await using pair = await ptyPair();
  await using _ = await TtyPort.open(pair.left, 74_880);
  const { open, ioctl, close } = libc();
  const fd = open(bytes(`${pair.left}\0`), 0o2 | 0o400);
  const termios2 = new Uint32Array(11);
  assert.equal(ioctl(fd, 0x802c542an, termios2), 0);
  assert.deepEqual([...termios2.slice(9)], [74_880, 74_880]);
  await close(fd);
});

Deno.test({ name: "HUPCL is cleared when asked", ignore }, async () => {
  await using pair = await ptyPair();
  await run("stty", "-F", pair.left, "hupcl");
  await using port = await TtyPort.open(pair.left, 115_200);
  assert.match(await settings(pair.left), / hupcl/);
  port.keepLinesAtClose();
  assert.match(await settings(pair.left), /-hupcl/);
});

Deno.test(
  { name: "a device that takes nothing holds the writer, and closing frees it", ignore },
  async () => {
    await using pair = await ptyPair();
    const port = await TtyPort.open(pair.left, 115_200);
    await using _right = await TtyPort.open(pair.right, 115_200);
    let written = 0;
    const write = async () => {
      for (;; written++) await port.write(new Uint8Array(4096));
    };
    const flood = assert.rejects(write(), { code: "connection" });
    for (let last = -1; last !== written;) {
      last = written;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(written < 100, `${written * 4096} bytes were taken`);
    await port[Symbol.asyncDispose]();
    await flood;
  },
);

Deno.test({ name: "a port that is unplugged breaks the read, with its name", ignore }, async () => {
  await using pair = await ptyPair();
  await using port = await TtyPort.open(pair.left, 115_200);
  const read = assert.rejects(port.read(), (error: Error) => {
    assert.match(error.message, /^lost the serial port .*\/left: it was unplugged/);
    return true;
  });
  await pair.unplug();
  await read;
  await assert.rejects(port.write(bytes("x")), { code: "connection" });
});

Deno.test(
  { name: "an exporter without a terminal outlives the port it has open", ignore },
  async () => {
    await using pair = await ptyPair();
    const script = `
    const { TtyPort } = await import(${JSON.stringify(import.meta.resolve("./tty_port.ts"))});
    const port = await TtyPort.open(${JSON.stringify(pair.left)}, 115200);
    console.log("open");
    await port.read().catch(() => {});
    console.log("alive");
  `;
    const daemon = new Deno.Command("setsid", {
      args: ["--wait", Deno.execPath(), "eval", script],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const reader = daemon.stdout.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await reader.read()).value, "open\n");
    await pair.unplug();
    assert.equal((await reader.read()).value, "alive\n");
    await reader.cancel();
    assert.equal((await daemon.status).code, 0);
  },
);

Deno.test("what cannot be opened is an error with path and reason", async () => {
  const file = await Deno.makeTempFile();
  for (
    const [path, reason] of [
      ["/dev/ttyNOWHERE0", "no such file or directory"],
      [file, "inappropriate ioctl for device"],
    ] as const
  ) {
    await assert.rejects(TtyPort.open(path, 115_200), (error: Error) => {
      assert.equal(error.message, `cannot open the serial port ${path}: ${reason}`);
      return true;
    });
  }
  await Deno.remove(file);
});
