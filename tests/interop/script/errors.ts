import assert from "node:assert/strict";
import { DriverClient } from "@jumpstarter/lib/driver";
import type { JumpstarterError } from "@jumpstarter/lib/errors";
import { RpcError } from "@jumpstarter/lib/rpc";
import { ExporterService, RouterService } from "@jumpstarter/proto";
import type { checks as all } from "../checks.ts";
import calls from "../faulty_calls.json" with { type: "json" };
import { type Bench, bytes, type Check, text } from "./board.ts";

/** A line of `faulty_calls.json`. */
interface FaultyCall {
  fault: string;
  driver: string;
  /** One answer by default. */
  kind?: string;
  method: string;
  args?: unknown[];
  /** What our exporter answers. */
  status: string;
  /** What the Python exporter answers, where that is another. */
  peer?: string;
}

/** The code of the error that stands for a status. */
const codes: Record<string, string> = {
  NOT_FOUND: "not_implemented",
  UNIMPLEMENTED: "not_implemented",
  INVALID_ARGUMENT: "invalid_argument",
};

const UNKNOWN = { status: "UNKNOWN" };

async function make(bench: Bench, { driver, kind, method, args = [] }: FaultyCall): Promise<void> {
  const client = bench.child(driver, DriverClient);
  if (kind === "bytes") {
    await using stream = await client.stream(method);
    await stream.read();
  } else if (kind === "streaming") {
    await Array.fromAsync(client.streamingCall(method, ...args));
  } else {
    await client.call(method, ...args);
  }
}

async function failures(bench: Bench): Promise<[FaultyCall, JumpstarterError][]> {
  await bench.files.writeBytes("here", bytes("1"));
  const found: [FaultyCall, JumpstarterError][] = [];
  for (const call of calls as FaultyCall[]) {
    const error = await make(bench, call).then(
      () => assert.fail(`${call.fault}: no error`),
      (error) => error,
    );
    found.push([call, error]);
  }
  return found;
}

const asIs = (call: FaultyCall) => call.peer ?? call.status;

export const checks: Record<(typeof all)["errors"][number], Check> = {
  async "every faulty call ends with its status"(bench) {
    const found = (await failures(bench)).map(([{ fault }, { cause }]) => {
      assert.ok(cause instanceof RpcError, `${fault}: ${cause}`);
      assert.notEqual(cause.details, "", `${fault}: the status has no text`);
      return [fault, cause.status];
    });
    const wanted = (calls as FaultyCall[]).map((call) => [call.fault, asIs(call)]);
    assert.deepEqual(found, wanted);
  },
  async "the client raises the error that fits the status"(bench) {
    const found = (await failures(bench)).map(([{ fault }, { code }]) => [fault, code]);
    const wanted = (calls as FaultyCall[])
      .map((call) => [call.fault, codes[asIs(call)] ?? "driver"]);
    assert.deepEqual(found, wanted);
  },
  async "a driver that is not there, and a stream request that is none, are UNKNOWN"(
    { connection },
  ) {
    const { channel } = connection;
    const request = { uuid: crypto.randomUUID(), method: "on", args: [] };
    await assert.rejects(channel.unary(ExporterService.driverCall, request), UNKNOWN);
    const items = channel.serverStream(ExporterService.streamingDriverCall, request, {});
    await assert.rejects(Array.fromAsync(items), UNKNOWN);
    const { uuid, method } = request;
    const driver = JSON.stringify({ kind: "driver", uuid, method });
    for (const text of [driver, "", "[]", "{}", JSON.stringify({ kind: "tape", uuid })]) {
      const call = channel.duplex(RouterService.stream, { metadata: { request: text } });
      call.metadata.catch(() => {}); // the same failure as of reading
      await assert.rejects(call.messages.read(), UNKNOWN, text);
    }
  },
  async "a resource is taken once, by its own driver only, and then ended"(
    { connection, ...board },
  ) {
    const { flasher, mux } = board;
    await using offered = await connection.openResource(flasher.node.uuid, null);
    await offered.stream.write(bytes("once"));
    await offered.stream.closeWrite();
    const refused = { code: "driver" };
    await assert.rejects(mux.call("write", offered.handle), refused);
    await flasher.call("flash", offered.handle);
    assert.equal(await offered.stream.read(), null);
    await assert.rejects(flasher.call("flash", offered.handle), refused);
  },
  async "the session goes on after them"({ power, files }) {
    await power.on();
    assert.equal(text(await files.readBytes("here")), "1");
  },
};
