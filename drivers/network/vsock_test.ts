import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import { concat, copy, forward, fromConnection, pipe, readAll } from "@jumpstarter/lib/streams";
import { NetworkClient } from "./mod.ts";
import { NativeSocket } from "./native_socket.ts";

const TYPE = "jumpstarter_driver_network.driver.VsockNetwork";
const bytes = (text: string) => new TextEncoder().encode(text);
const ignore = Deno.build.os !== "linux";

/** A `sockaddr_un`: the same code, with a family that every machine can loop back. */
function unixAddress(path: string): Uint8Array<ArrayBuffer> {
  return concat([Uint8Array.of(1, 0), bytes(`${path}\0`)]);
}

/** Connects natively to a listener that Deno has; gives both ends to the test. */
async function withPair(
  test: (near: NativeSocket, far: Deno.Conn) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  const path = `${dir}/s`;
  {
    using listener = Deno.listen({ transport: "unix", path });
    await using near = await NativeSocket.connect(unixAddress(path), `the socket ${path}`);
    using far = await listener.accept();
    await test(near, far);
  }
  await Deno.remove(dir, { recursive: true });
}

Deno.test({
  name: "a native socket carries bytes both ways, and half-closes",
  ignore,
  fn: () =>
    withPair(async (near, far) => {
      const data = crypto.getRandomValues(new Uint8Array(65_536));
      const sending = (async () => {
        for (let count = 0; count < 50; count++) await near.write(data);
        await near.closeWrite();
      })();
      // It comes back through Deno's own socket, half-close included.
      const [here, there] = pipe();
      await using _here = here;
      const echoing = copy(fromConnection(far), there);
      let size = 0;
      for await (const chunk of readAll(here)) {
        assert.equal(chunk[0], data[size % data.length]);
        size += chunk.length;
      }
      await Promise.all([sending, echoing]);
      assert.equal(size, 50 * data.length);
      await far.write(bytes("still here"));
      await far.closeWrite();
      const answer = await Array.fromAsync(readAll(near));
      assert.equal(new TextDecoder().decode(concat(answer)), "still here");
      assert.equal(await near.read(), null);
    }),
});

Deno.test({
  name: "a native socket whose other end does not read stops the writer",
  ignore,
  fn: () =>
    withPair(async (near) => {
      let written = 0;
      const flood = (async () => {
        for (;; written += 65_536) await near.write(new Uint8Array(65_536));
      })();
      for (let last = -1; last !== written;) {
        last = written;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.ok(written > 0 && written < 8_000_000, `${written} bytes were taken`);
      await near[Symbol.asyncDispose]();
      await assert.rejects(flood, /is closed|lost the connection to the socket .*: broken pipe/);
    }),
});

Deno.test({
  name: "closing a native socket ends a read that waits, and a forward",
  ignore,
  fn: () =>
    withPair(async (near, far) => {
      const aborter = new AbortController();
      const [here, there] = pipe();
      const done = forward(near, there, { signal: aborter.signal });
      await far.write(bytes("x"));
      assert.deepEqual(await here.read(), bytes("x"));
      aborter.abort();
      await done;
      assert.equal(await far.read(new Uint8Array(1)), null);
      assert.equal(await near.read(), null);
      await assert.rejects(near.write(bytes("x")), /is closed/);
    }),
});

Deno.test({
  name: "a native socket that cannot connect says to what",
  ignore,
  async fn() {
    await assert.rejects(
      NativeSocket.connect(unixAddress("/nowhere/s"), "the socket /nowhere/s"),
      { code: "connection", message: /cannot connect to the socket \/nowhere\/s: no such file/ },
    );
    await assert.rejects(
      NativeSocket.connect(Uint8Array.of(255, 0, 0, 0), "nothing"),
      { code: "connection", message: /cannot connect to nothing: address family not supported/ },
    );
  },
});

Deno.test({
  name: "a vsock that is not there is an error with its place, at the client too",
  ignore,
  async fn() {
    // The local context and one that no machine has; which error comes depends on the kernel.
    await using board = await serve({
      local: { type: TYPE, config: { cid: 1, port: 4_294_967_294 } },
      nobody: { type: TYPE, config: { cid: 4_294_967_294, port: 5 } },
    }, { local: NetworkClient, nobody: NetworkClient });
    await Promise.all([
      assert.rejects(board.local.stream(), /cannot connect to vsock 1:4294967294: [a-z ]+/),
      assert.rejects(board.nobody.stream(), /cannot connect to vsock 4294967294:5: [a-z ]+/),
    ]);
    await assert.rejects(board.local.address(), { code: "not_implemented" });
  },
});

Deno.test("a vsock without a number for its context or port is refused before the start", async () => {
  for (
    const [config, fault] of [
      [{ port: 1 }, /config\.cid/],
      [{ cid: 2 }, /config\.port/],
      [{ cid: "two", port: 1 }, /config\.cid/],
      [{ cid: 2, port: -1 }, /config\.port/],
      [{ cid: 2.5, port: 1 }, /config\.cid/],
      [{ cid: 4_294_967_295, port: 1 }, /config\.cid/],
      [{ cid: 2, port: 1, host: "x" }, /config\.host/],
    ] as const
  ) {
    await assert.rejects(serve({ vsock: { type: TYPE, config } }), {
      code: "config",
      message: fault,
    });
  }
});
