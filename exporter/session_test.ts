import assert from "node:assert/strict";
import { ExporterService, ExporterStatus, RouterService } from "@jumpstarter/proto";
import { connect, SessionConnection } from "@jumpstarter/lib/client";
import { formatStreamRequest, toValue } from "@jumpstarter/lib/codec";
import { Driver, type DriverContext, exported, type Schema } from "@jumpstarter/lib/driver";
import { InvalidArgumentError, NotImplementedError } from "@jumpstarter/lib/errors";
import { type Endpoint, SocketDir } from "@jumpstarter/lib/rpc";
import { type ByteStream, pipe } from "@jumpstarter/lib/streams";
import { buildTree } from "./build.ts";
import { Session } from "./session.ts";
import { SessionServer } from "./session_server.ts";
import { DeviceTree } from "./tree.ts";

const anything: Schema = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

/** What a driver fails with, by the status that answers it, and what the log calls it. */
const failures: Record<string, [make: () => Error, errorType: string]> = {
  INVALID_ARGUMENT: [() => new InvalidArgumentError("refused"), "validation_error"],
  UNIMPLEMENTED: [() => new NotImplementedError("refused"), "not_implemented"],
  DEADLINE_EXCEEDED: [() => new DOMException("refused", "TimeoutError"), "timeout"],
  UNAVAILABLE: [() => new Deno.errors.ConnectionRefused("refused"), "connection_error"],
  INTERNAL: [() => new Deno.errors.NotFound("refused"), "device_error"],
  UNKNOWN: [() => new RangeError("refused"), "internal_error"],
};

/** A driver that does what tests ask of it. */
class Probe extends Driver {
  static override readonly client = "test.Probe";
  static closed: string[] = [];
  closeFails = false;

  @exported
  ping() {
    this.log.info("pinged");
    return "pong";
  }
  @exported(anything)
  echo(value: unknown) {
    return value;
  }
  @exported(anything)
  fail(status: unknown) {
    throw failures[String(status)]![0]();
  }
  @exported
  async *count() {
    yield 1;
    yield await Promise.resolve(2);
  }
  @exported
  setDtr() {}
  @exported.bytes
  connect(): Promise<ByteStream> {
    const [here, there] = pipe();
    void (async () => {
      for (let chunk = await there.read(); chunk; chunk = await there.read()) {
        await there.write(chunk);
      }
      await there.closeWrite();
    })();
    return Promise.resolve(here);
  }
  hidden() {}

  override [Symbol.asyncDispose](): Promise<void> {
    Probe.closed.push(this.name);
    return this.closeFails ? Promise.reject(new Error("stuck")) : Promise.resolve();
  }
}

interface Bench extends AsyncDisposable {
  session: Session;
  endpoint: Endpoint;
  connection: SessionConnection;
  root: Probe;
}

async function open(prepare: (root: Probe) => void = () => {}): Promise<Bench> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await SocketDir.make());
  let root!: Probe;
  const session = stack.use(
    await Session.open((host) => {
      const context = (name: string, children: Map<string, Driver>): DriverContext => ({
        name,
        children,
        host,
        config: {},
        ...(name === "a" ? { description: "" } : {}),
        ...(name === "b" ? { description: "second", methodsDescription: { ping: "Ping" } } : {}),
      });
      const leaf = new Probe(context("a", new Map()));
      const group = new Probe(context("b", new Map([["alias", leaf]])));
      root = new Probe(context("", new Map([["a", leaf], ["b", group]])));
      prepare(root);
      return Promise.resolve(new DeviceTree(root));
    }),
  );
  const server = stack.use(new SessionServer(session));
  const endpoint = await server.listen({ kind: "unix", path: dir.file("socket") });
  session.setStatus(ExporterStatus.LEASE_READY);
  const connection = stack.use(new SessionConnection(endpoint));
  const held = stack.move();
  return {
    session,
    endpoint,
    connection,
    root,
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

Deno.test("GetReport lists parents first and a driver once for each place it has [exporter 11, 12]", async () => {
  await using bench = await open();
  const { reports } = await bench.connection.report();
  const names = reports.map(({ labels }) => labels["jumpstarter.dev/name"]);
  assert.deepEqual(names, [undefined, "a", "b", "alias"]);
  const [root, a, b, alias] = reports;
  assert.equal(root!.parentUuid, undefined);
  assert.equal(root!.description, undefined);
  assert.equal(a!.description, undefined);
  assert.equal(a!.uuid, alias!.uuid);
  assert.equal(alias!.parentUuid, b!.uuid);
  assert.equal(a!.labels["jumpstarter.dev/client"], "test.Probe");
  assert.equal(b!.description, "second");
  assert.deepEqual({ ...b!.methodsDescription }, { ping: "Ping" });
  assert.deepEqual({ ...a!.methodsDescription }, {});
});

for (const [status, [make, errorType]] of Object.entries(failures)) {
  Deno.test(`a driver that fails with ${make().name} answers ${status} [exporter 13]`, async () => {
    await using bench = await open();
    const request = { uuid: bench.root.uuid, method: "fail", args: [toValue(status)] };
    const call = bench.connection.channel.unary(ExporterService.driverCall, request);
    await assert.rejects(call, { status, details: "refused" });
    await using board = await connect(bench.endpoint);
    for await (const { severity, message, operation, fields } of board.logs()) {
      if (message === "Operation started") continue;
      assert.deepEqual([severity, message, operation], ["WARNING", "Operation failed", "fail"]);
      assert.deepEqual({ ...fields }, { result: "failure", error_type: errorType });
      break;
    }
  });
}

Deno.test("names that are not exported as asked for are NOT_FOUND [exporter 14, wire 12]", async () => {
  await using bench = await open();
  const { channel } = bench.connection;
  const { uuid } = bench.root;
  for (const method of ["hidden", "toString", "setDtr", "nope"]) {
    await assert.rejects(channel.unary(ExporterService.driverCall, { uuid, method }), {
      status: "NOT_FOUND",
      details: `method ${method} not found on driver`,
    });
  }
  await assert.rejects(channel.unary(ExporterService.driverCall, { uuid, method: "count" }), {
    status: "NOT_FOUND",
    details: "method count missing marker marker_drivercall",
  });
  const items = channel.serverStream(ExporterService.streamingDriverCall, { uuid, method: "ping" });
  await assert.rejects(items.next(), {
    details: "method ping missing marker marker_streamingdrivercall",
  });
  const request = formatStreamRequest({ kind: "driver", uuid, method: "ping" });
  const { metadata } = channel.duplex(RouterService.stream, { metadata: { request } });
  await assert.rejects(metadata, {
    status: "NOT_FOUND",
    details: "method ping missing marker marker_streamcall",
  });
});

Deno.test("values come back as they were sent [exporter 15]", async () => {
  await using bench = await open();
  const values = [1, "a", null, true, [1, "b"], { c: { d: null } }];
  for (const value of values) {
    assert.deepEqual(await bench.connection.call(bench.root.uuid, "echo", [value]), value);
  }
});

Deno.test("wrong numbers of arguments are INVALID_ARGUMENT", async () => {
  await using bench = await open();
  const call = bench.connection.call(bench.root.uuid, "ping", [1]);
  await assert.rejects(call, /ping takes no arguments, 1 given/);
});

Deno.test("snake case names reach camel case methods", async () => {
  await using bench = await open();
  assert.equal(await bench.connection.call(bench.root.uuid, "set_dtr", []), null);
});

Deno.test("a byte stream sends headers before data, and ends when both sides have [exporter 18]", async () => {
  await using bench = await open();
  await using stream = await bench.connection.stream(bench.root.uuid, "connect");
  const sent = new TextEncoder().encode("hi");
  await stream.write(sent);
  assert.deepEqual(await stream.read(), sent);
  await stream.closeWrite();
  assert.equal(await stream.read(), null);
});

Deno.test("drivers are out of reach before the session is ready [wire 11]", async () => {
  await using bench = await open();
  bench.session.setStatus(ExporterStatus.AVAILABLE);
  await assert.rejects(bench.connection.call(bench.root.uuid, "ping", []), { code: "not_ready" });
});

Deno.test("GetStatus counts updates and keeps the status before [exporter 21]", async () => {
  await using bench = await open();
  const status = () => bench.connection.channel.unary(ExporterService.getStatus, {});
  assert.deepEqual(await status(), {
    status: ExporterStatus.LEASE_READY,
    message: "",
    statusVersion: 1,
    previousStatus: ExporterStatus.AVAILABLE,
  });
  bench.session.setStatus(ExporterStatus.LEASE_READY, "again");
  assert.equal((await status()).statusVersion, 2);
});

Deno.test("EndSession without a lease is not successful [exporter 22]", async () => {
  await using bench = await open();
  const answer = await bench.connection.channel.unary(ExporterService.endSession, {});
  assert.deepEqual(answer, { success: false, message: "No active lease context" });
});

Deno.test("LogStream tells each reader of operations and of what drivers log [exporter 64]", async () => {
  await using bench = await open();
  await bench.connection.call(bench.root.uuid, "ping", []);
  await using board = await connect(bench.endpoint);
  for (let reader = 0; reader < 2; reader++) {
    const seen: string[] = [];
    for await (const record of board.logs()) {
      assert.equal(record.source, "driver");
      seen.push(record.message);
      if (record.message === "Operation completed") {
        assert.equal(record.operation, "ping");
        assert.equal(record.fields?.result, "success");
        break;
      }
    }
    assert.deepEqual(seen, ["Operation started", "pinged", "Operation completed"]);
  }
});

Deno.test("drivers close parents first, and one that fails keeps no other open [exporter 23]", async () => {
  Probe.closed = [];
  {
    await using _bench = await open((root) => root.closeFails = true);
  }
  assert.deepEqual(Probe.closed, ["", "b", "a"]);
});

Deno.test("a board that was closed says so to whoever calls it still", async () => {
  await using bench = await open();
  const board = await connect(bench.endpoint);
  const a = board.child("a");
  await board[Symbol.asyncDispose]();
  const closed = { code: "connection", message: "the session is closed; open the board again" };
  await assert.rejects(a.call("ping"), closed);
  await assert.rejects(a.streamingCall("count").next(), closed);
  await assert.rejects(a.stream(), closed);
});

Deno.test("a session adds paragraphs to its message of the day, and nothing for empty ones", async () => {
  await using session = await Session.open((host) => buildTree({ export: new Map() }, host));
  session.addMotd("");
  assert.equal(session.motd, "");
  for (const text of ["hello", "", "board 7"]) session.addMotd(text);
  assert.equal(session.motd, "hello\nboard 7");
});
