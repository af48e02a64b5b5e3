/**
 * Whatever bytes, metadata, messages and JSON come to a controller, it goes on. `JUMPSTARTER_SEED`
 * repeats a run, `JUMPSTARTER_FUZZ` makes that many calls.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import * as http2 from "node:http2";
import { connect as connectTls } from "node:tls";
import {
  ClientService,
  ControllerService,
  Health,
  type Method,
  ServerReflection,
  TelemetryService,
} from "@jumpstarter/proto";
import { Random } from "../model/random.ts";
import { ControllerProcess } from "../support/controller.ts";
import type { Member } from "../support/lab.ts";
import { isAlive, within } from "../support/running.ts";

const SEED = Number(Deno.env.get("JUMPSTARTER_SEED") ?? 20_261_126);
const CALLS = Number(Deno.env.get("JUMPSTARTER_FUZZ") ?? 1_500);
const REQUESTS = 500;
/** How long one answer may take, milliseconds. */
const TIMEOUT = 10_000;
/** The status of a call that is refused without an answer. */
const RESET = "reset";

type Unary = Method<unknown, unknown, boolean, boolean>;

const SERVICES = [ControllerService, ClientService, TelemetryService, Health, ServerReflection];
const METHODS = SERVICES.flatMap((service) =>
  Object.values(service).filter((member): member is Unary =>
    typeof member === "object" && member !== null && "path" in member
  )
);

/** A message in which each field has about the right shape. */
const SEEDS: readonly Uint8Array[] = [
  ClientService.createLease.request.encode({
    parent: "namespaces/lab",
    leaseId: "l1",
    lease: { selector: "board=x", duration: { seconds: 60, nanos: 0 }, tags: { a: "b" } },
  }),
  ClientService.listLeases.request.encode({
    parent: "namespaces/lab",
    pageSize: 1,
    filter: "a in (b)",
  }),
  ClientService.getLease.request.encode({ name: "namespaces/lab/leases/l1" }),
  ControllerService.register.request.encode({
    labels: { "jumpstarter.dev/name": "e1" },
    reports: [{ uuid: "u", labels: { a: "b" } }],
  }),
  ControllerService.requestLease.request.encode({
    duration: { seconds: 60, nanos: 0 },
    selector: { matchLabels: { a: "b" }, matchExpressions: [] },
  }),
  ControllerService.reportStatus.request.encode({ status: 2, message: "m", releaseLease: true }),
];

const NASTY = [
  "",
  " ",
  "\t",
  "x".repeat(9_000),
  "Bearer ",
  "é",
  "__proto__",
  "-1",
  "namespaces/lab",
];

/** Bytes that are a message, nearly. */
function message(random: Random): Uint8Array {
  if (random.chance(0.2)) {
    return Uint8Array.from({ length: random.below(300) }, () => random.below(256));
  }
  const bytes = random.pick(SEEDS).slice();
  for (let times = random.below(4); times > 0; times--) {
    bytes[random.below(bytes.length)] = random.below(256);
  }
  return random.chance(0.2) ? bytes.slice(0, random.below(bytes.length)) : bytes;
}

/** The frame of a message; its head may lie. */
function frame(random: Random, bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  const isLying = random.chance(0.1);
  head[0] = isLying ? random.below(256) : 0;
  head.writeUInt32BE(isLying ? random.below(2 ** 32) : bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function metadata(random: Random, { kind, name, token }: Member): Record<string, string> {
  const given: Record<string, string> = {
    authorization: `Bearer ${token}`,
    "jumpstarter-namespace": "lab",
    "jumpstarter-kind": kind,
    "jumpstarter-name": name,
  };
  if (random.chance(0.7)) return given;
  const key = random.pick([...Object.keys(given), "grpc-timeout", "grpc-encoding", "x-bin"]);
  return { ...given, [key]: random.pick(NASTY).trim().replace("é", "%") };
}

/** Makes a call by hand; the status it ends with. */
async function call(
  session: http2.ClientHttp2Session,
  path: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<string> {
  const ended = Promise.withResolvers<string>();
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  const note = (received: http2.IncomingHttpHeaders) => {
    if (received["grpc-status"] !== undefined) ended.resolve(String(received["grpc-status"]));
    else if (String(received[":status"]) !== "200") ended.resolve(`HTTP ${received[":status"]}`);
  };
  stream.on("response", (received) => {
    note(received);
    // A stream of answers goes on for ever: its first sign of life is enough.
    if (/\/(Status|Listen)$/.test(path)) ended.resolve("0");
  });
  stream.on("trailers", note);
  stream.on("error", () => {});
  stream.on("close", () => ended.resolve(RESET));
  stream.resume();
  stream.end(body);
  const status = await within(TIMEOUT, ended.promise);
  stream.close(http2.constants.NGHTTP2_CANCEL);
  return status;
}

Deno.test("a controller goes on, whatever comes to its ports", async (test) => {
  await using controller = await ControllerProcess.start();
  const random = new Random(SEED);
  const members = [
    await controller.member("Client", "c1"),
    await controller.member("Exporter", "e1", { board: "x" }),
  ];
  const { ca } = controller;

  await test.step("messages and metadata", async () => {
    const { hostname, port } = controller.endpoint;
    let session: http2.ClientHttp2Session | undefined;
    const seen = new Set<string>();
    try {
      for (let round = 0; round < CALLS; round++) {
        if (session === undefined || session.closed || session.destroyed) {
          session = http2.connect(`https://${hostname}:${port}`, { ca });
          session.on("error", () => {}); // the calls tell
        }
        const { path } = random.pick(METHODS);
        const headers = metadata(random, random.pick(members));
        const status = await call(session, path, headers, frame(random, message(random)));
        seen.add(status);
        assert.ok(await isAlive(controller.running.pid), `round ${round}, seed ${SEED}`);
      }
    } finally {
      session?.destroy();
    }
    assert.ok(seen.has("0") && seen.has("2") && seen.has("3"), [...seen].join());
  });

  await test.step("bytes", async () => {
    const ports = [controller.endpoint, controller.routerEndpoint, controller.adminEndpoint];
    for (const { hostname, port } of ports) {
      for (const isTls of [false, true]) {
        for (const hello of ["", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\n"]) {
          const noise = Buffer.from(Array.from({ length: 20_000 }, () => random.below(256)));
          const bytes = Buffer.concat([Buffer.from(hello), noise]);
          await within(TIMEOUT, isTls ? sayTls(port, ca, bytes) : say(hostname, port, bytes));
        }
      }
    }
  });

  await test.step("JSON", async () => {
    const group = "/apis/jumpstarter.dev/v1alpha1/namespaces/lab";
    const values = [null, 0, -1, 1e308, "", "x".repeat(300), [], {}, [[]], { a: { b: {} } }, true];
    const any = (depth = 0): unknown =>
      depth > 4 || random.chance(0.5) ? random.pick(values) : Object.fromEntries(
        ["metadata", "spec", "status", "name", "labels", "__proto__"]
          .filter(() => random.chance(0.5)).map((key) => [key, any(depth + 1)]),
      );
    for (let round = 0; round < REQUESTS; round++) {
      const plural = random.pick(["clients", "exporters", "leases", "exporteraccesspolicies"]);
      const name = random.pick(["", "/e1", "/c1", "/x", "/e1/status"]);
      const method = random.pick(["POST", "PUT", "PATCH"]);
      const body = random.chance(0.5) ? { metadata: { name: `n${round}` }, spec: any() } : any();
      const { code } = await controller.ask(method, `${group}/${plural}${name}`, body);
      assert.ok(code < 500, `round ${round}, seed ${SEED}: ${code}`);
    }
  });

  assert.ok(await isAlive(controller.running.pid));
  assert.doesNotMatch(controller.running.stderr, /ERROR|Error:| at .*\.ts:/);
  for (const { token } of members) assert.ok(!controller.running.stderr.includes(token));
  using channel = controller.connect(members[0]!);
  const { leases } = await channel.unary(ClientService.listLeases, { parent: "namespaces/lab" });
  assert.ok(Array.isArray(leases));
});

/** Says something to a port, and waits until it has had enough. */
async function say(hostname: string, port: number, bytes: Uint8Array): Promise<void> {
  using connection = await Deno.connect({ hostname, port });
  const isGone = (async () => {
    const buffer = new Uint8Array(65_536);
    while (await connection.read(buffer).catch(() => null) !== null);
  })();
  await connection.write(bytes).catch(() => {}); // it may have had enough before
  await connection.closeWrite().catch(() => {});
  await isGone;
}

/** Says something inside TLS. */
async function sayTls(port: number, ca: string, bytes: Uint8Array): Promise<void> {
  const gone = Promise.withResolvers<void>();
  const ALPNProtocols = ["h2", "http/1.1"];
  const socket = connectTls({ host: "127.0.0.1", port, ca, ALPNProtocols }, () => {
    socket.end(bytes);
  });
  socket.on("error", () => {});
  socket.on("close", () => gone.resolve());
  socket.resume();
  await gone.promise;
}
