import assert from "node:assert/strict";
import * as http2 from "node:http2";
import { ExporterService } from "@jumpstarter/proto";
import { connect } from "@jumpstarter/lib/client";
import { Channel, type ChannelOptions } from "@jumpstarter/lib/rpc";
import { selfSigned } from "../support/certificate.ts";
import { tempDir } from "../support/programs.ts";
import { within } from "../support/running.ts";
import { DirectExporter, SOON } from "./exporter.ts";

/** How HTTP/2 begins. */
const HTTP2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/** How TLS begins. */
const CLIENT_HELLO = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".padEnd(517, "x");
const PASSPHRASE = "correct horse battery staple";

/** An exporter that asks for a passphrase. */
interface Served {
  readonly exporter: DirectExporter;
  readonly isTls: boolean;
  /** What clients need. */
  readonly access: ChannelOptions;
}

/** What else comes to a port; each resolves once the exporter has had enough of it. */
const strangers: { name: string; come: (exporter: Served) => Promise<void> }[] = [
  {
    name: "garbage",
    come: ({ exporter }) => say(exporter, crypto.getRandomValues(new Uint8Array(50_000))),
  },
  {
    name: "an HTTP/1 request",
    come: ({ exporter }) => say(exporter, encode("GET / HTTP/1.1\r\nHost: exporter\r\n\r\n")),
  },
  {
    name: "a TLS ClientHello on the plaintext port, or plaintext on the TLS port",
    come: ({ exporter, isTls }) => say(exporter, encode(isTls ? HTTP2 : CLIENT_HELLO)),
  },
  {
    name: "a message of 4 GiB",
    async come({ exporter, isTls }) {
      const { hostname, port } = exporter.endpoint;
      const scheme = isTls ? "https" : "http";
      const session = http2.connect(`${scheme}://${hostname}:${port}`, {
        rejectUnauthorized: false,
      });
      const call = session.request({
        ":method": "POST",
        ":path": ExporterService.driverCall.path,
        "content-type": "application/grpc",
        te: "trailers",
        "x-jumpstarter-passphrase": PASSPHRASE,
      });
      const status = new Promise((resolve) => {
        call.on(
          "response",
          (headers) => "grpc-status" in headers && resolve(headers["grpc-status"]),
        );
        call.on("trailers", (trailers) => resolve(trailers["grpc-status"]));
      });
      call.resume();
      call.write(new Uint8Array([0, 0xff, 0xff, 0xff, 0xff, ...new Uint8Array(1000)]));
      assert.equal(await within(SOON, status), "8", "RESOURCE_EXHAUSTED");
      session.destroy();
    },
  },
  {
    name: "a call with an argument of 5 MB",
    async come({ exporter, access }) {
      await using board = await exporter.connect({}, access);
      const text = "x".repeat(5_000_000);
      await assert.rejects(board.child("power").call("on", text), /larger than|too large|max/i);
    },
  },
  {
    name: "1,000 wrong passphrases",
    async come({ exporter, access }) {
      const metadata = { "x-jumpstarter-passphrase": "a wrong passphrase" };
      using channel = new Channel(exporter.endpoint, { ...access, metadata });
      for (let round = 0; round < 20; round++) {
        const calls = Array.from(
          { length: 50 },
          () =>
            assert.rejects(channel.unary(ExporterService.getReport, {}), {
              status: "UNAUTHENTICATED",
            }),
        );
        await Promise.all(calls);
      }
      const { stderr } = exporter.program;
      assert.match(stderr, /authentication failed/);
      assert.ok(!stderr.includes(PASSPHRASE) && !stderr.includes("a wrong passphrase"));
    },
  },
  {
    name: "200 connections that leave without a word",
    async come({ exporter }) {
      const sockets = await Promise.all(
        Array.from({ length: 200 }, () => Deno.connect(exporter.endpoint)),
      );
      for (const socket of sockets) socket.close();
    },
  },
  {
    name: "200 clients that leave after a call",
    async come({ exporter, access }) {
      const boards = await Promise.all(
        Array.from({ length: 200 }, () => connect(exporter.endpoint, {}, { channel: access })),
      );
      for (const board of boards) await board[Symbol.asyncDispose]();
    },
  },
];

/** Has them all come to a port that speaks TLS, or plaintext; fails unless it serves on. */
export async function serves(test: Deno.TestContext, isTls: boolean): Promise<void> {
  await using dir = await tempDir();
  const { cert, key } = await selfSigned(dir.path);
  const ca = await Deno.readTextFile(cert);
  const flags = isTls ? ["--tls-cert", cert, "--tls-key", key] : ["--tls-grpc-insecure"];
  const access: ChannelOptions = {
    ...(isTls ? { tls: { ca } } : {}),
    metadata: { "x-jumpstarter-passphrase": PASSPHRASE },
  };
  await using exporter = await DirectExporter.serve({
    flags: [...flags, "--passphrase", PASSPHRASE],
  });
  await exporter.assertUsable(access);
  const before = await exporter.footprint();
  for (const { name, come } of strangers) {
    await test.step(name, async () => {
      await come({ exporter, isTls, access });
      await exporter.assertUsable(access);
      await exporter.assertAsBefore(before);
    });
  }
}

/** Says something and waits until the exporter hangs up. */
async function say({ endpoint }: DirectExporter, bytes: Uint8Array): Promise<void> {
  using connection = await Deno.connect(endpoint);
  const { readable, writable } = connection;
  const writer = writable.getWriter();
  // It may hang up before it has heard all.
  await writer.write(bytes).catch(() => {});
  await within(
    SOON,
    (async () => {
      for await (const _ of readable);
    })().catch(() => {}),
  );
}

function encode(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
