import * as assert from "node:assert/strict";
import * as http2 from "node:http2";
import * as net from "node:net";
import { deferDestroy } from "./deferred_destroy.ts";
import { Watchman } from "./watchman.ts";

const LIMITS = { round: 40, ping: 1, gone: 3 };
/** Makes a connection as HTTP/2 (RFC 9113, 3.4): the preface, and empty settings. */
const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/** A server whose connections are watched. */
async function serve() {
  const watchman = new Watchman(LIMITS);
  const server = http2.createServer();
  server.on("session", (session) => {
    deferDestroy(session);
    watchman.watch(session);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    async [Symbol.asyncDispose]() {
      watchman[Symbol.dispose]();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

Deno.test("Watchman drops a peer that does not answer", async () => {
  await using server = await serve();
  const socket = net.connect(server.port, "127.0.0.1", () => socket.write(PREFACE, "latin1"));
  socket.resume();
  await new Promise((resolve) => socket.once("close", resolve));
});

Deno.test("Watchman keeps a peer that answers, for as long as it does", async () => {
  await using server = await serve();
  const session = http2.connect(`http://127.0.0.1:${server.port}`);
  deferDestroy(session);
  let isClosed = false;
  session.once("close", () => isClosed = true);
  for (let pings = 0; pings < 4; pings++) {
    await new Promise((resolve) => session.once("ping", resolve));
  }
  assert.equal(isClosed, false);
  await new Promise<void>((resolve) => session.close(resolve));
});
