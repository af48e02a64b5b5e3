import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { ExporterService, FrameType, RouterService } from "@jumpstarter/proto";
import type { Board } from "@jumpstarter/lib/client";
import { fromValue, toValue } from "@jumpstarter/lib/codec";
import { Driver, exported, type ResourceHandle, resourceHandle } from "@jumpstarter/lib/driver";
import { readAll } from "@jumpstarter/lib/streams";
import { EchoNetwork } from "@jumpstarter/drivers/network";
import { serve } from "./testing.ts";

const { DATA, RST_STREAM, PING, GOAWAY } = FrameType;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (payload: Uint8Array) => new TextDecoder().decode(payload);

/** A driver that takes and gives bulk data. */
class Storage extends Driver {
  static override readonly client = "test.Storage";

  @exported(resourceHandle)
  async sizes(handle: ResourceHandle) {
    await using stream = await this.resource(handle);
    return (await Array.fromAsync(readAll(stream))).map((chunk) => chunk.length);
  }
  @exported(resourceHandle)
  async content(handle: ResourceHandle) {
    await using stream = await this.resource(handle);
    let content = "";
    for await (const chunk of readAll(stream)) content += text(chunk);
    return content;
  }
  @exported(resourceHandle)
  async *parts(handle: ResourceHandle) {
    await using stream = await this.resource(handle);
    for await (const chunk of readAll(stream)) yield text(chunk);
  }
  @exported(resourceHandle)
  async give(handle: ResourceHandle) {
    await using stream = await this.resource(handle);
    await stream.write(bytes("all"));
  }
  @exported(resourceHandle)
  async fill(handle: ResourceHandle) {
    await using stream = await this.resource(handle);
    await stream.write(new Uint8Array(LARGE));
  }
}

/** What peers take as one message, bytes. */
const MAX_MESSAGE = 4 * 1024 * 1024;
const LARGE = 5 * 1024 * 1024;

function open(): Promise<Board> {
  return serve({ echo: EchoNetwork, storage: Storage, other: Storage });
}

/** Opens a stream as it is on the wire; frames are sent and received one by one. */
function openStream(board: Board, request?: Record<string, unknown>) {
  const metadata = request === undefined ? {} : { request: JSON.stringify(request) };
  const call = board.connection.channel.duplex(RouterService.stream, { metadata });
  return {
    metadata: call.metadata,
    send: (payload: Uint8Array, frameType: number = DATA) =>
      call.messages.write({ payload, frameType }),
    receive: () => call.messages.read(),
    end: () => call.messages.end(),
    cancel: call.cancel,
  };
}

const nothing = new Uint8Array(0);

function openEcho(board: Board) {
  return openStream(board, {
    kind: "driver",
    uuid: board.child("echo").node.uuid,
    method: "connect",
  });
}

async function openResource(board: Board, name: string, encoding: string | null = null) {
  const { uuid } = board.child(name).node;
  const stream = openStream(board, { kind: "resource", uuid, x_jmp_content_encoding: encoding });
  const metadata = await stream.metadata;
  return { ...stream, metadata, handle: JSON.parse(metadata.resource!) };
}

/** Calls a method of a driver with a handle; fails with the status of the wire. */
async function call(board: Board, name: string, method: string, handle: unknown): Promise<unknown> {
  const request = { uuid: board.child(name).node.uuid, method, args: [toValue(handle)] };
  const { result } = await board.connection.channel.unary(ExporterService.driverCall, request);
  return fromValue(result);
}

/** The two ways to end our direction. */
const ends: Record<string, (stream: ReturnType<typeof openEcho>) => Promise<void> | void> = {
  "a GOAWAY frame [wire 1]": (stream) => stream.send(nothing, GOAWAY),
  "a half-close [wire 2]": (stream) => stream.end(),
};

for (const [name, end] of Object.entries(ends)) {
  Deno.test(`headers come before data, and the driver and the call end after ${name}`, async () => {
    await using board = await open();
    const stream = openEcho(board);
    const names = Object.keys(await stream.metadata);
    assert.deepEqual(names.filter((key) => !/^(content-type|date|grpc-.*)$/.test(key)), []);
    await stream.send(bytes("hi"));
    assert.deepEqual(await stream.receive(), { payload: bytes("hi"), frameType: DATA });
    await end(stream);
    assert.deepEqual(await stream.receive(), { payload: nothing, frameType: GOAWAY });
    assert.equal(await stream.receive(), null, "the call is complete");
  });
}

Deno.test("frames without a meaning for the driver do not reach it [wire 3]", async () => {
  await using board = await open();
  const stream = openEcho(board);
  await stream.metadata;
  await stream.send(bytes("p"), PING);
  await stream.send(nothing);
  await stream.send(bytes("r"), RST_STREAM);
  await stream.send(bytes("?"), 99);
  await stream.send(bytes("z"));
  assert.deepEqual(await stream.receive(), { payload: bytes("z"), frameType: DATA });
  stream.cancel();
});

Deno.test("a stream to a method that is not there is NOT_FOUND [exporter 14, wire 4]", async () => {
  await using board = await open();
  const { uuid } = board.child("echo").node;
  const { metadata } = openStream(board, { kind: "driver", uuid, method: "nope" });
  const details = "method nope not found on driver";
  await assert.rejects(metadata, { status: "NOT_FOUND", details });
});

const senseless: Record<string, Record<string, unknown> | undefined> = {
  "no metadata": undefined,
  "no kind": { method: "connect" },
  "a kind that is not there": { kind: "other", method: "connect" },
  "no method": { kind: "driver" },
  "a uuid that is none": { kind: "driver", uuid: "x", method: "connect" },
  "an unknown uuid": { kind: "driver", uuid: crypto.randomUUID(), method: "connect" },
  "a resource for an unknown uuid": { kind: "resource", uuid: crypto.randomUUID() },
};

for (const [name, request] of Object.entries(senseless)) {
  Deno.test(`a stream request with ${name} is UNKNOWN, and the session goes on [wire 5]`, async () => {
    await using board = await open();
    const { uuid } = board.child("echo").node;
    const { metadata } = openStream(board, request && { uuid, ...request });
    await assert.rejects(metadata, { status: "UNKNOWN" });
    const stream = openEcho(board);
    await stream.metadata;
    stream.cancel();
  });
}

Deno.test("a driver reads what was sent before its call, and ends our wait after it [wire 6, drivers 9.1.9]", async () => {
  await using board = await open();
  const stream = await openResource(board, "storage");
  assert.equal(stream.handle.kind, "client_stream");
  for (const size of [10, 0, 5]) await stream.send(new Uint8Array(size));
  await stream.send(nothing, GOAWAY);
  assert.deepEqual(await call(board, "storage", "sizes", stream.handle), [10, 5]);
  assert.deepEqual(await stream.receive(), { payload: nothing, frameType: GOAWAY });
});

Deno.test("a call that does not open its stream ends it all the same [wire 6]", async () => {
  await using board = await open();
  const stream = await openResource(board, "storage");
  await assert.rejects(call(board, "storage", "nope", stream.handle), { status: "NOT_FOUND" });
  assert.deepEqual(await stream.receive(), { payload: nothing, frameType: GOAWAY });
  stream.end();
});

for (
  const [name, frameType] of [["ends its direction, too", GOAWAY], ["sends on", DATA]] as const
) {
  Deno.test(`the call of a resource is complete once its client ${name}`, async () => {
    await using board = await open();
    const stream = await openResource(board, "storage");
    await call(board, "storage", "give", stream.handle);
    assert.deepEqual(await stream.receive(), { payload: bytes("all"), frameType: DATA });
    assert.deepEqual(await stream.receive(), { payload: nothing, frameType: GOAWAY });
    let isComplete = false;
    const last = stream.receive().finally(() => isComplete = true);
    // The connection keeps the order: what was to come of the stream has come by now.
    await assert.rejects(call(board, "storage", "give", stream.handle), /is not there/);
    assert.equal(isComplete, false);
    await stream.send(bytes("more"), frameType);
    assert.equal(await last, null);
  });
}

Deno.test("an upload that is cancelled fails its call, so that nothing half is taken for whole [wire 7]", async () => {
  await using board = await open();
  const stream = await openResource(board, "storage");
  await stream.send(bytes("half"));
  const { uuid } = board.child("storage").node;
  const request = { uuid, method: "parts", args: [toValue(stream.handle)] };
  const items = board.connection.channel.serverStream(ExporterService.streamingDriverCall, request);
  assert.equal(fromValue((await items.next()).value!.result), "half");
  stream.cancel();
  const details = "the other side cancelled the stream";
  await assert.rejects(items.next(), { status: "CANCELLED", details });
});

Deno.test("a driver reads gzip unpacked, cut anywhere [exporter 19, wire 8]", async () => {
  await using board = await open();
  const stream = await openResource(board, "storage", "gzip");
  assert.equal(stream.metadata.x_jmp_accept_encoding, "gzip");
  assert.deepEqual(stream.handle, {
    kind: "client_stream",
    uuid: stream.handle.uuid,
    x_jmp_content_encoding: "gzip",
  });
  const reading = call(board, "storage", "content", stream.handle);
  for (const byte of gzipSync("an image")) await stream.send(Uint8Array.of(byte));
  stream.end();
  assert.equal(await reading, "an image");
});

Deno.test("an encoding that is not known is not accepted, which the client sees [exporter 19, drivers 9.1.10]", async () => {
  await using board = await open();
  const { metadata, cancel } = await openResource(board, "storage", "lzma");
  assert.equal(metadata.x_jmp_accept_encoding, undefined);
  cancel();
  const plain = await openResource(board, "storage");
  assert.equal(plain.metadata.x_jmp_accept_encoding, "");
  plain.cancel();
});

Deno.test("a handle is good once, and for its own driver only [wire 9]", async () => {
  await using board = await open();
  const stream = await openResource(board, "storage");
  stream.end();
  const refused = { status: "UNKNOWN", details: /^resource .* is not there: it was used already/ };
  await assert.rejects(call(board, "other", "sizes", stream.handle), refused);
  assert.deepEqual(await call(board, "storage", "sizes", stream.handle), []);
  await assert.rejects(call(board, "storage", "sizes", stream.handle), refused);
});

Deno.test("a chunk larger than a message may be arrives whole, in parts [wire 10, drivers 9.1.15]", async () => {
  await using board = await open();
  const stream = await openResource(board, "storage");
  stream.end();
  const filling = call(board, "storage", "fill", stream.handle);
  let size = 0;
  for (let frame = await stream.receive(); frame?.frameType === DATA;) {
    assert.ok(frame.payload.length < MAX_MESSAGE);
    size += frame.payload.length;
    frame = await stream.receive();
  }
  assert.equal(size, LARGE);
  await filling;
});
