import assert from "node:assert/strict";
import { ConnectionError, TimeoutError } from "../errors.ts";
import { pipe } from "../streams/mod.ts";
import { Expect, type ExpectOptions } from "./expect.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function dialogue(options?: ExpectOptions) {
  const [device, stream] = pipe();
  return { device, console: new Expect(stream, options) };
}

Deno.test("until() gives the match, its groups, and what came before", async () => {
  const { device, console } = dialogue();
  await using _ = console;
  await device.write(bytes("U-Boot 2024.01\nboard login: "));
  const { before, match } = await console.until(/(\w+) login:/);
  assert.equal(before, "U-Boot 2024.01\n");
  assert.equal(match[1], "board");
});

Deno.test("until() takes a text literally, and goes on after the last match", async () => {
  const { device, console } = dialogue();
  await using _ = console;
  await device.write(bytes("a.c abc a.c end"));
  assert.equal((await console.until("a.c")).before, "");
  assert.equal((await console.until("a.c")).before, " abc ");
  assert.equal((await console.until(/e../g)).match[0], "end");
});

Deno.test("until() finds what is cut into single bytes, in the middle of a character too", async () => {
  const { device, console } = dialogue();
  await using _ = console;
  const found = console.until("größe ✓");
  for (const byte of bytes("größe ✓")) await device.write(Uint8Array.of(byte));
  assert.equal((await found).match[0], "größe ✓");
});

Deno.test("what comes between two calls is not lost", async () => {
  const { device, console } = dialogue();
  await using _ = console;
  for (let line = 1; line <= 100; line++) await device.write(bytes(`line ${line}\n`));
  assert.match((await console.until("line 100\n")).before, /^line 1\nline 2\n/);
});

Deno.test("time that runs out is an error with the pattern and the last lines", async () => {
  const { device, console } = dialogue();
  await using _ = console;
  await device.write(bytes("\x1b[1mKernel panic\x1b[0m\r\n\r\nrebooting\r\n"));
  await assert.rejects(console.until(/login:/, { within: 20 }), (error: Error) => {
    assert.ok(error instanceof TimeoutError);
    assert.equal(
      error.message,
      "no /login:/ within 20 ms; last seen:\n  Kernel panic\n  rebooting",
    );
    return true;
  });
  await device.write(bytes("login:"));
  await console.until("login:");
});

Deno.test("the end of the stream is an error at once, after the last match", async () => {
  const { device, console } = dialogue();
  await using _ = console;
  await device.write(bytes("bye"));
  await device.closeWrite();
  await console.until("bye");
  await assert.rejects(console.until("more"), (error: Error) => {
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.message, 'the stream ended before "more" came; last seen:\n  bye');
    return true;
  });
});

Deno.test("a broken stream is an error with its cause", async () => {
  const cause = new Error("port gone");
  await using console = new Expect({
    read: () => Promise.reject(cause),
    write: () => Promise.resolve(),
    closeWrite: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  await assert.rejects(console.until("x"), (error: Error) => {
    assert.match(error.message, /broke \(port gone\).*nothing was received/);
    assert.equal(error.cause, cause);
    return true;
  });
});

Deno.test("the signal gives the wait up", async () => {
  const { console } = dialogue();
  await using _ = console;
  const aborter = new AbortController();
  const found = console.until("never", { signal: aborter.signal });
  aborter.abort();
  await assert.rejects(found, { name: "AbortError" });
});

Deno.test("sendLine() ends the line as told", async () => {
  const { device, console } = dialogue({ lineEnd: "\r" });
  await using _ = console;
  await console.sendLine("reboot");
  assert.deepEqual(await device.read(), bytes("reboot\r"));
});

Deno.test("output without a match is given up by halves, so a search never holds it all", async () => {
  const { device, console } = dialogue({ transcriptSize: 1000 });
  await using _ = console;
  const found = console.until("the end");
  for (let count = 0; count < 64; count++) await device.write(bytes("x".repeat(65_536)));
  await device.write(bytes("the end"));
  assert.ok((await found).before.length < 400_000);
  assert.equal(console.transcript.length, 1000);
});

Deno.test("output that nobody waits for is read up to a bound", async () => {
  const { device, console } = dialogue();
  let written = 0;
  const flood = (async () => {
    for (; written < 64; written++) await device.write(bytes("y".repeat(65_536)));
  })();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(written < 10, `${written} chunks were taken`);
  await console[Symbol.asyncDispose]();
  await assert.rejects(flood, Deno.errors.BrokenPipe);
});
