import assert from "node:assert/strict";
import { type ByteStream, concat, readAll } from "./byte_stream.ts";
import { fromConnection } from "./connection.ts";
import { forward } from "./forward.ts";
import { pipe } from "./pipe.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function contentOf(stream: ByteStream): Promise<string> {
  return new TextDecoder().decode(concat(await Array.fromAsync(readAll(stream))));
}

/** Two ends with a forward between them. */
function bridge(signal?: AbortSignal) {
  const [here, left] = pipe();
  const [there, right] = pipe();
  return { here, there, done: forward(left, right, signal === undefined ? {} : { signal }) };
}

Deno.test("forward() carries both directions and passes each end on by itself", async () => {
  const { here, there, done } = bridge();
  const asked = contentOf(there);
  await here.write(bytes("question"));
  await here.closeWrite();
  assert.equal(await asked, "question");
  const answered = contentOf(here);
  await there.write(bytes("answer"));
  await there.closeWrite();
  assert.equal(await answered, "answer");
  await done;
});

Deno.test("forward() takes no more than its reader", async () => {
  const { here, there, done } = bridge();
  let taken = 0;
  const writing = (async () => {
    for (; taken < 100; taken++) await here.write(new Uint8Array(10));
    await here.closeWrite();
  })();
  await there.read();
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  assert.ok(taken < 10, `${taken} chunks were taken while one was read`);
  await contentOf(there);
  await there.closeWrite();
  await Promise.all([writing, done]);
});

Deno.test("forward() ends by its signal, and closes both sides", async () => {
  const stop = new AbortController();
  const { here, there, done } = bridge(stop.signal);
  stop.abort();
  await done;
  assert.equal(await here.read(), null);
  await assert.rejects(there.write(bytes("x")), Deno.errors.BrokenPipe);
});

Deno.test("forward() fails with the error of the side that breaks, and closes the other", async () => {
  const [here, left] = pipe();
  const broken: ByteStream = Object.assign(Object.create(left), {
    read: () => Promise.reject(new Error("unplugged")),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  await assert.rejects(forward(here, broken), /unplugged/);
  assert.equal(await left.read(), null);
});

Deno.test("fromConnection() half-closes and survives a peer that closed first", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using near = fromConnection(await Deno.connect({ port: listener.addr.port }));
  await using far = fromConnection(await listener.accept());
  await near.write(bytes("hello"));
  await near.closeWrite();
  assert.equal(await contentOf(far), "hello");
  await far.write(bytes("back"));
  await far[Symbol.asyncDispose]();
  assert.equal(await contentOf(near), "back");
  await near.closeWrite();
});
