import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import http2, { type OutgoingHttpHeaders } from "node:http2";
import { deferDestroy } from "@jumpstarter/lib/rpc";
import { startRouter, type TestRouter } from "../../tests/support/router.ts";

const GRPC = {
  ":method": "POST",
  ":path": "/jumpstarter.v1.RouterService/Stream",
  "content-type": "application/grpc",
};

/** What comes back for a request: its headers, its trailers, and its body in hex. */
async function ask(
  { endpoint }: TestRouter,
  headers: OutgoingHttpHeaders,
  body?: string,
): Promise<Record<string, unknown>> {
  const session = http2.connect(`http://localhost:${endpoint.port}`);
  deferDestroy(session);
  const closed = new Promise<void>((resolve) => session.on("close", () => resolve()));
  session.on("error", () => {}); // the answer, or its lack, is what counts
  const stream = session.request(headers);
  const answer: Record<string, unknown> = {};
  const chunks: Uint8Array[] = [];
  stream.on("response", (received) => Object.assign(answer, received));
  stream.on("trailers", (received) => Object.assign(answer, received));
  stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  stream.on("error", () => {});
  stream.on("end", () => stream.close());
  if (body !== undefined) stream.end(Buffer.from(body, "hex"));
  await new Promise<void>((resolve) => stream.on("close", () => resolve()));
  session.destroy();
  await closed;
  return { ...answer, body: Buffer.concat(chunks).toString("hex") };
}

Deno.test("Router refuses who has no valid token, and logs it without the token [controller 113]", async () => {
  const told: string[] = [];
  await using server = await startRouter({
    log: (severity, message, fields) =>
      told.push(`${severity} ${message} ${JSON.stringify(fields)}`),
  });
  const rows: [Record<string, string | string[]>, RegExp][] = [
    [{}, /^missing or invalid authorization: missing/],
    [{ authorization: "" }, /^missing or invalid authorization: malformed/],
    [{ authorization: "Basic secret" }, /^missing or invalid authorization: malformed/],
    [{ authorization: "Bearer" }, /^missing or invalid authorization: malformed/],
    [{ authorization: "Bearer bad-secret" }, /^invalid jwt token$/],
  ];
  for (const [headers, message] of rows) {
    const answer = await ask(server, { ...GRPC, ...headers });
    assert.equal(answer["grpc-status"], "16", JSON.stringify(headers));
    assert.match(String(answer["grpc-message"]), message);
  }
  assert.equal(told.length, rows.length);
  for (const line of told) {
    assert.match(line, /^WARNING router authentication failed .*"peer":"(127\.0\.0\.1|::1)"/);
    assert.doesNotMatch(line, /secret/);
  }
  assert.equal(server.router.figures.refused, rows.length);
});

Deno.test("Router answers what is no tunnel", async () => {
  await using server = await startRouter();
  const other = await ask(server, { ...GRPC, ":path": "/a.B/C%" });
  assert.equal(other["grpc-status"], "12");
  assert.match(String(other["grpc-message"]), /\/a\.B\/C%25$/);
  assert.equal((await ask(server, { ...GRPC, ":method": "GET" }))[":status"], 405);
  assert.equal((await ask(server, { ...GRPC, "content-type": "text/html" }))[":status"], 415);
});

Deno.test("Router answers health checks without a token", async () => {
  await using server = await startRouter();
  const check = (body: string) =>
    ask(server, { ...GRPC, ":path": "/grpc.health.v1.Health/Check" }, body);
  const name = Buffer.from("jumpstarter.v1.RouterService").toString("hex");
  for (const body of ["0000000000", `000000001e0a1c${name}`]) {
    const answer = await check(body);
    assert.deepEqual([answer["grpc-status"], answer.body], ["0", "00000000020801"]);
  }
  assert.equal((await check("00000000030a0178"))["grpc-status"], "5");
  for (const body of ["", "00", "0000000001", "000000000208ff"]) {
    assert.equal((await check(body))["grpc-status"], "3", body);
  }
});

Deno.test("Router cuts off who never ends the question of a health check", async () => {
  await using server = await startRouter({ limits: { questionTime: 50 } });
  const session = http2.connect(`http://localhost:${server.endpoint.port}`);
  deferDestroy(session);
  const stream = session.request({ ...GRPC, ":path": "/grpc.health.v1.Health/Check" });
  stream.on("error", () => {});
  stream.write(Buffer.from([0]));
  stream.resume();
  const given = setTimeout(() => stream.destroy(new Error("it may stay")), 5_000);
  await new Promise<void>((resolve) => stream.on("close", () => resolve()));
  clearTimeout(given);
  assert.equal(stream.rstCode, http2.constants.NGHTTP2_CANCEL);
  const closed = new Promise<void>((resolve) => session.on("close", () => resolve()));
  session.destroy();
  await closed;
});

Deno.test("Router refuses headers that are too large", async () => {
  await using server = await startRouter();
  const answer = await ask(server, { ...GRPC, authorization: `Bearer ${"x".repeat(17_000)}` });
  assert.equal(answer["grpc-status"], "8");
});

Deno.test("Router closes a connection that makes too many bad calls, and no other", async () => {
  await using server = await startRouter({ limits: { refusalsPerConnection: 3 } });
  const session = http2.connect(`http://localhost:${server.endpoint.port}`);
  deferDestroy(session);
  session.on("error", () => {});
  const closed = new Promise<void>((resolve) => session.on("close", () => resolve()));
  for (let call = 0; call < 3; call++) {
    const stream = session.request(GRPC);
    stream.on("error", () => {});
    stream.resume();
  }
  await closed;
  assert.equal((await ask(server, { ...GRPC }))["grpc-status"], "16");
});

Deno.test("Router closes connections beyond its bound, and idle ones", async () => {
  await using server = await startRouter({
    limits: { connections: 1, idleTime: 0, pingTime: 40 },
  });
  const connect = () => Deno.connect({ hostname: "localhost", port: server.endpoint.port });
  const untilClosed = async (connection: Deno.TcpConn) => {
    const buffer = new Uint8Array(1_024);
    try {
      while (await connection.read(buffer) !== null);
    } catch (error) {
      assert.ok(error instanceof Deno.errors.ConnectionReset);
    }
  };
  using idle = await connect();
  using beyond = await connect();
  await untilClosed(beyond);
  assert.equal(server.router.figures.connections, 1);
  await untilClosed(idle);
});
