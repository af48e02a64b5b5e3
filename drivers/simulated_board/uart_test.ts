import assert from "node:assert/strict";
import { Uart } from "./uart.ts";

const textOf = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);

Deno.test("Uart gives every reader what came since it connected, in one piece", async () => {
  const uart = new Uart(() => {});
  uart.print("nobody sees this");
  await using first = uart.open();
  uart.print("a");
  await using second = uart.open();
  uart.print("b");
  uart.print("c");
  assert.deepEqual([textOf(await first.read()), textOf(await second.read())], ["abc", "bc"]);
  const reading = first.read();
  uart.print("d");
  assert.equal(textOf(await reading), "d");
});

Deno.test("Uart drops the oldest of what nobody reads", async () => {
  const uart = new Uart(() => {});
  await using line = uart.open();
  uart.print("old");
  uart.print("x".repeat(1024 * 1024 - 1));
  uart.print("y");
  const text = textOf(await line.read())!;
  assert.deepEqual([text.length, text[0], text.at(-1)], [1024 * 1024, "x", "y"]);
});

Deno.test("Uart takes characters whole, also those that come in parts", async () => {
  let typed = "";
  const uart = new Uart((text) => typed += text);
  await using line = uart.open();
  const bytes = new TextEncoder().encode("é");
  await line.write(bytes.subarray(0, 1));
  assert.equal(typed, "");
  await line.write(bytes.subarray(1));
  assert.equal(typed, "é");
});

Deno.test("Uart ends a read that waits when its stream is closed", async () => {
  const line = new Uart(() => {}).open();
  const reading = line.read();
  await line[Symbol.asyncDispose]();
  assert.equal(await reading, null);
});
