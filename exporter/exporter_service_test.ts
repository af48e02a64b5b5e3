import assert from "node:assert/strict";
import * as http2 from "node:http2";
import * as net from "node:net";
import {
  ExporterService,
  ExporterStatus,
  type Init,
  LogSource,
  type StreamingDriverCallRequest,
  type StreamingDriverCallResponse,
} from "@jumpstarter/proto";
import { type Board, SessionConnection } from "@jumpstarter/lib/client";
import { fromValue } from "@jumpstarter/lib/codec";
import { Driver, exported } from "@jumpstarter/lib/driver";
import { NotImplementedError } from "@jumpstarter/lib/errors";
import { SocketDir, Status } from "@jumpstarter/lib/rpc";
import { concat } from "@jumpstarter/lib/streams";
import { within } from "../tests/support/running.ts";
import { Session } from "./session.ts";
import { SessionServer } from "./session_server.ts";
import { serve } from "./testing.ts";
import { DeviceTree } from "./tree.ts";

/** Records that a driver writes before anybody reads them. */
const EARLY = 600;
/** Milliseconds for what comes at once, on a machine under load. */
const SOON = 10_000;

/** A driver that does what tests ask of it. */
class Probe extends Driver {
  static override readonly client = "test.Probe";
  static override readonly driverType = "testing";
  #resets = 0;
  #met: (() => void) | undefined;

  override reset() {
    this.#resets++;
  }
  @exported
  resets() {
    return this.#resets;
  }
  /** Returns once it was called twice. */
  @exported
  async meet() {
    if (this.#met !== undefined) return this.#met();
    await new Promise<void>((resolve) => this.#met = resolve);
  }
  @exported
  async *countAndFail() {
    yield 1;
    yield 2;
    yield await Promise.resolve(3);
    throw new Deno.errors.NotFound("no fourth");
  }
  @exported
  async *measure() {
    yield* await Promise.reject<never[]>(new NotImplementedError("there is no meter"));
  }
}

/** Writes much into the log before the session serves. */
class Talker extends Driver {
  static override readonly client = "test.Talker";

  override reset() {
    for (let number = 0; number < EARLY; number++) this.log.info(`line ${number}`);
  }
}

async function open() {
  const board = await serve({ probe: Probe, group: { children: { inner: Probe } } });
  const probe = board.child("probe");
  const request = (method: string) => ({ uuid: probe.node.uuid, method });
  return {
    board,
    probe,
    unary: (method: string) =>
      board.connection.channel.unary(ExporterService.driverCall, request(method)),
    stream: (method: string) =>
      board.connection.channel.serverStream(ExporterService.streamingDriverCall, request(method)),
    [Symbol.asyncDispose]: () => board[Symbol.asyncDispose](),
  };
}

/** The messages of a log, to one that matches. */
async function readTo(board: Board, last: string): Promise<string[]> {
  const messages: string[] = [];
  for await (const { message } of board.logs()) {
    messages.push(message);
    if (message === last) break;
  }
  return messages;
}

/** Makes a streaming call by nothing but HTTP/2: the answers and the trailers. */
async function streamByHttp2(path: string, request: Init<StreamingDriverCallRequest>) {
  const { path: method, request: encoder, response: decoder } = ExporterService.streamingDriverCall;
  const session = http2.connect("http://localhost", { createConnection: () => net.connect(path) });
  const call = session.request({
    ":method": "POST",
    ":path": method,
    "content-type": "application/grpc",
    te: "trailers",
  });
  const trailers = Promise.withResolvers<http2.IncomingHttpHeaders>();
  call.once("trailers", trailers.resolve);
  const message = encoder.encode(request);
  call.end(concat([Uint8Array.of(0, 0, 0, 0, message.length), message]));
  const body = concat(await Array.fromAsync<Uint8Array>(call));
  const answers: StreamingDriverCallResponse[] = [];
  for (let at = 0; at < body.length; at += 5 + body[at + 4]!) {
    answers.push(decoder.decode(body.subarray(at + 5, at + 5 + body[at + 4]!)));
  }
  session.destroy();
  return { answers, trailers: await trailers.promise };
}

Deno.test("a stream of answers that fails has given those before [exporter 16]", async () => {
  await using bench = await open();
  // Not by our channel: grpc-js drops answers that an error arrives with (grpc-node issue 2764).
  const { path } = bench.board.connection.endpoint as { path: string };
  const { answers, trailers } = await streamByHttp2(path, {
    uuid: bench.probe.node.uuid,
    method: "count_and_fail",
  });
  assert.deepEqual(answers.map(({ result }) => fromValue(result)), [1, 2, 3]);
  assert.equal(trailers["grpc-status"], String(Status.INTERNAL));
  assert.equal(trailers["grpc-message"], "no%20fourth");
});

Deno.test("a slow method is called a second time while it runs [exporter 17]", async () => {
  await using bench = await open();
  await within(SOON, Promise.all([bench.probe.call("meet"), bench.probe.call("meet")]));
});

Deno.test("whole numbers are doubles on the wire [exporter 15, client 114]", async () => {
  await using bench = await open();
  const { result } = await bench.unary("resets");
  assert.deepEqual(result, { numberValue: 1 });
});

Deno.test("methods that are not there and not implemented are the same to scripts [drivers 9.1.1]", async () => {
  await using bench = await open();
  for (const method of ["nope", "resets", "measure"]) {
    await assert.rejects(bench.probe.streamingCall(method).next(), { code: "not_implemented" });
  }
  await assert.rejects(bench.probe.call("nope"), { code: "not_implemented" });
});

Deno.test("a new session is AVAILABLE, with no status before [exporter 21]", async () => {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await SocketDir.make());
  const session = stack.use(
    await Session.open((host) => {
      const root = new Probe({ name: "", config: {}, children: new Map(), host });
      return Promise.resolve(new DeviceTree(root));
    }),
  );
  const server = stack.use(new SessionServer(session));
  const endpoint = await server.listen({ kind: "unix", path: dir.file("socket") });
  const { channel } = stack.use(new SessionConnection(endpoint));
  assert.deepEqual(await channel.unary(ExporterService.getStatus, {}), {
    status: ExporterStatus.AVAILABLE,
    message: "",
    statusVersion: 0,
  });
});

Deno.test("Reset brings every driver into its starting state [exporter 22, wire 13]", async () => {
  await using bench = await open();
  await bench.board.connection.channel.unary(ExporterService.reset, {});
  assert.equal(await bench.probe.call("resets"), 2);
  assert.equal(await bench.board.child("group.inner").call("resets"), 2);
});

Deno.test("whoever reads the log late reads it from the start of the session [exporter 63]", async () => {
  await using board = await serve({ talker: Talker });
  const expected = Array.from({ length: EARLY }, (_, number) => `line ${number}`);
  assert.deepEqual(await readTo(board, expected.at(-1)!), expected);
});

Deno.test("the log tells of an operation by whom, what, when and how it ended [exporter 64]", async () => {
  await using bench = await open();
  const before = Date.now();
  await bench.probe.call("resets");
  const after = Date.now();
  const records = bench.board.connection.channel.serverStream(ExporterService.logStream, {});
  for (const message of ["Operation started", "Operation completed"]) {
    const { value } = await records.next();
    const { timestamp, structuredFields, ...record } = value!;
    assert.deepEqual(record, {
      uuid: "",
      severity: "INFO",
      message,
      source: LogSource.DRIVER,
      driverType: "testing",
      operation: "resets",
    });
    const time = timestamp!.seconds * 1000 + timestamp!.nanos / 1_000_000;
    assert.ok(time >= before && time <= after, `${before} ≤ ${time} ≤ ${after}`);
    const fields = message === "Operation completed" ? { result: "success" } : {};
    assert.deepEqual({ ...structuredFields }, fields);
  }
  await records.return(undefined);
});

Deno.test("two readers of the log both read all of it [exporter 65]", async () => {
  await using bench = await open();
  const readers = [1, 2].map(() => readTo(bench.board, "Operation failed"));
  await bench.probe.call("resets");
  await assert.rejects(bench.probe.call("nope"));
  const expected = ["started", "completed", "started", "failed"].map((word) => `Operation ${word}`);
  assert.deepEqual(await Promise.all(readers), [expected, expected]);
});
