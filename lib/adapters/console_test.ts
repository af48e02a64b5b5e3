import assert from "node:assert/strict";
import { type ByteStream, pipe } from "../streams/mod.ts";
import { runConsole } from "./console.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunk: Uint8Array | null) => chunk && new TextDecoder().decode(chunk);

/** A user at a terminal: types through one end of a pipe, and keeps what is shown. */
function user() {
  const [keyboard, keys] = pipe();
  const modes: boolean[] = [];
  const shown: string[] = [];
  return {
    modes,
    shown,
    type: (typed: string) => keyboard.write(bytes(typed)),
    options: {
      input: { isTerminal: true, read: () => keys.read() },
      terminal: { setRaw: (isRaw: boolean) => void modes.push(isRaw) },
      write: (chunk: Uint8Array) => Promise.resolve(void shown.push(text(chunk)!)),
    },
    async [Symbol.asyncDispose]() {
      await keyboard[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a console joins keys and device, and leaves at three Ctrl-B", async () => {
  const [device, stream] = pipe();
  await using someone = user();
  const ended = runConsole(stream, someone.options);
  await device.write(bytes("login: "));
  await someone.type("root\r");
  assert.equal(text(await device.read()), "root\r");
  await someone.type("\x02\x02\x02ignored");
  assert.equal(text(await device.read()), "\x02\x02");
  assert.equal(await ended, "left");
  assert.equal(await device.read(), null);
  assert.deepEqual(someone.shown, ["login: "]);
  assert.deepEqual(someone.modes, [true, false]);
});

Deno.test("a console ends with the device, the keys or the signal, and restores the terminal", async () => {
  const aborter = new AbortController();
  const ways: [string, (device: ByteStream, someone: ReturnType<typeof user>) => unknown][] = [
    ["device", (device) => device.closeWrite()],
    ["input", (_, someone) => someone[Symbol.asyncDispose]()],
    ["signal", () => aborter.abort()],
  ];
  for (const [reason, end] of ways) {
    const [device, stream] = pipe();
    await using someone = user();
    const ended = runConsole(stream, { ...someone.options, signal: aborter.signal });
    await end(device, someone);
    assert.equal(await ended, reason);
    assert.deepEqual(someone.modes, [true, false]);
    assert.equal(await device.read(), null);
  }
});

Deno.test("a console fails when the stream breaks, and restores the terminal", async () => {
  const broken: ByteStream = {
    read: () => Promise.reject(new Error("the cable is out")),
    write: () => Promise.resolve(),
    closeWrite: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await using someone = user();
  await assert.rejects(runConsole(broken, someone.options), /the cable is out/);
  assert.deepEqual(someone.modes, [true, false]);
});

Deno.test("a device that takes no keys does not hold the user", async () => {
  const [device, stream] = pipe();
  await using someone = user();
  const ended = runConsole(stream, someone.options);
  for (const key of "abc\x02\x02\x02") await someone.type(key);
  assert.equal(await ended, "left");
  await device[Symbol.asyncDispose]();
});
