import assert from "node:assert/strict";
import { ExporterService, RouterService } from "@jumpstarter/proto";
import { parseExporterFile } from "@jumpstarter/lib/config";
import type { LogRecord } from "@jumpstarter/lib/driver";
import { Channel, type ChannelOptions, type Endpoint, type RpcError } from "@jumpstarter/lib/rpc";
import { selfSigned } from "../../tests/support/certificate.ts";
import { tempDir } from "../../tests/support/programs.ts";
import { LogReader, seenStatuses } from "../../tests/support/session_watch.ts";
import { until, within } from "../../tests/support/running.ts";
import { types } from "../../tests/support/exporter_file.ts";
import type { Listener } from "./listener.ts";
import { serveDirect } from "./serve.ts";

type HookText = Record<string, unknown>;

/** An exporter in this process, and what came of it. */
interface Served {
  readonly endpoint: Endpoint;
  /** The exporter's own log, as `source severity message`. */
  readonly log: string[];
  /** The exit status. */
  readonly code: Promise<number>;
  /** Sends the first signal, and the second one. */
  stop(): void;
  insist(): void;
}

/** Serves a power switch with hooks. */
async function serve(
  hooks: { beforeLease?: HookText; afterLease?: HookText } = {},
  listener: Partial<Listener> = {},
): Promise<Served & AsyncDisposable> {
  const text = JSON.stringify({
    metadata: { namespace: "lab", name: "bench" },
    motd: "Bench 7",
    hooks,
    export: { power: { type: types.power } },
  });
  const [told, insisted] = [new AbortController(), new AbortController()];
  const log: string[] = [];
  const serving = Promise.withResolvers<Endpoint>();
  const code = serveDirect(await parseExporterFile("bench.yaml", text), {
    listener: { endpoint: { kind: "tcp", hostname: "127.0.0.1", port: 0 }, ...listener },
    log: ({ source, severity, message }: LogRecord) => {
      log.push(`${source} ${severity} ${message}`);
    },
    signal: told.signal,
    ending: { insisted: insisted.signal, postpone() {} },
    onServing: ({ endpoint }) => serving.resolve(endpoint),
  });
  code.catch(serving.reject);
  return {
    endpoint: await serving.promise,
    log,
    code,
    stop: () => told.abort(),
    insist: () => insisted.abort(),
    async [Symbol.asyncDispose]() {
      told.abort();
      await code;
    },
  };
}

/** What a client sees of a session with one hook, from its start to its end. */
async function seen(phase: "beforeLease" | "afterLease", hook: HookText) {
  await using served = await serve({ [phase]: { timeout: 20, ...hook } });
  using channel = new Channel(served.endpoint);
  await using reader = new LogReader(channel);
  const statuses = seenStatuses(channel, (text) => {
    // What leads nowhere by itself: a client that has seen it is done.
    if (/LEASE_READY|\(on_failure=endLease\)/.test(text)) served.stop();
  });
  const code = await within(20_000, served.code);
  await reader.ended;
  const lines = reader.lines.filter((line) => line.includes("HOOK"));
  // The last status is there for an instant, which a client may miss.
  const kept = (await statuses).filter((text) => !text.includes(" OFFLINE "));
  return { statuses: kept, code, lines };
}

const NO = "Hook failed with exit code 3";
const READY = "LEASE_READY Ready for commands";
const BEFORE = "1 BEFORE_LEASE_HOOK Running beforeLease hook";
const AFTER = "2 AFTER_LEASE_HOOK Running afterLease hooks";
const SCRIPT = "echo at it; sleep 0.3; exit 3";

/** What comes of each hook: its statuses, its lines in the log, and the exporter's exit status. */
const OUTCOMES: [Parameters<typeof seen>, statuses: string[], line: string | undefined, number][] =
  [
    [
      ["beforeLease", { script: "echo at it; sleep 0.3" }],
      [BEFORE, `2 ${READY}`],
      undefined,
      0,
    ],
    [
      ["beforeLease", { script: SCRIPT, onFailure: "warn" }],
      [BEFORE, `2 LEASE_READY [HOOK_WARNING] beforeLease hook warning: ${NO}`],
      `WARNING ${NO} (on_failure=warn, continuing)`,
      0,
    ],
    [
      ["beforeLease", { script: SCRIPT, onFailure: "endLease" }],
      [
        BEFORE,
        `2 BEFORE_LEASE_HOOK_FAILED beforeLease hook failed (on_failure=endLease): ${NO}`,
      ],
      `ERROR ${NO} (on_failure=endLease, raising exception)`,
      0,
    ],
    [
      ["beforeLease", { script: SCRIPT, onFailure: "exit" }],
      [
        BEFORE,
        `2 BEFORE_LEASE_HOOK_FAILED beforeLease hook failed (on_failure=exit, shutting down): ${NO}`,
      ],
      `ERROR ${NO} (on_failure=exit, raising exception)`,
      1,
    ],
    [
      ["afterLease", { script: "echo at it; sleep 0.3" }],
      [`1 ${READY}`, AFTER],
      undefined,
      0,
    ],
    [
      ["afterLease", { script: SCRIPT, onFailure: "warn" }],
      [`1 ${READY}`, AFTER],
      `WARNING ${NO} (on_failure=warn, continuing)`,
      0,
    ],
    [
      ["afterLease", { script: SCRIPT, onFailure: "endLease" }],
      [`1 ${READY}`, AFTER],
      `ERROR ${NO} (on_failure=endLease, raising exception)`,
      0,
    ],
    [
      ["afterLease", { script: SCRIPT, onFailure: "exit" }],
      [
        `1 ${READY}`,
        AFTER,
        `3 AFTER_LEASE_HOOK_FAILED afterLease hook failed (on_failure=exit, shutting down): ${NO}`,
      ],
      `ERROR ${NO} (on_failure=exit, raising exception)`,
      1,
    ],
  ];

Deno.test("a client sees what each hook leads to, and its output as it comes [exporter 45, 48, 76]", async () => {
  const runs = OUTCOMES.map(async ([[phase, hook], statuses, line, code]) => {
    const source = phase === "beforeLease" ? "BEFORE_LEASE_HOOK" : "AFTER_LEASE_HOOK";
    const lines = [`${source} INFO at it`, ...line === undefined ? [] : [`${source} ${line}`]];
    const about = `${phase}, onFailure ${hook.onFailure}`;
    assert.deepEqual(await seen(phase, hook), { statuses, code, lines }, about);
  });
  await Promise.all(runs);
});

Deno.test("a passphrase is asked for in every kind of call, and is in no log [exporter 71]", async () => {
  const passphrase = "open sesame";
  await using served = await serve({}, { passphrase });
  const metadata = { "x-jumpstarter-passphrase": passphrase };
  const request = { uuid: "", method: "on", args: [] };
  for (const wrong of [{}, { "x-jumpstarter-passphrase": "wrong guess" }]) {
    using channel = new Channel(served.endpoint, { metadata: wrong });
    const first = async (stream: AsyncIterable<unknown>) => {
      for await (const _ of stream) break;
    };
    for (
      const call of [
        () => channel.unary(ExporterService.getReport, {}),
        () => channel.unary(ExporterService.getStatus, {}),
        () => channel.unary(ExporterService.driverCall, request),
        () => channel.unary(ExporterService.endSession, {}),
        () => channel.unary(ExporterService.reset, {}),
        () => first(channel.serverStream(ExporterService.streamingDriverCall, request)),
        () => first(channel.serverStream(ExporterService.logStream, {})),
        () => channel.duplex(RouterService.stream, { metadata: { request: "{}" } }).messages.read(),
      ]
    ) {
      await assert.rejects(call, {
        status: "UNAUTHENTICATED",
        details: "invalid or missing passphrase",
      });
    }
  }
  const warnings = served.log.filter((line) => line.includes("WARNING"));
  assert.equal(warnings.length, 16);
  for (const method of ["ExporterService/GetReport", "ExporterService/LogStream"]) {
    const warning = new RegExp(
      "^system WARNING authentication failed: invalid or missing passphrase for method " +
        `/jumpstarter.v1.${method} \\(127.0.0.1:\\d+\\)$`,
    );
    assert.ok(warnings.some((line) => warning.test(line)), `${warning}: ${warnings}`);
  }
  using channel = new Channel(served.endpoint, { metadata });
  const { motd } = await channel.unary(ExporterService.getReport, {});
  assert.equal(motd, "Bench 7");
  await using reader = new LogReader(channel);
  await reader.shown(/LogStream/);
  assert.equal(served.log.filter((line) => line.includes("WARNING")).length, 16);
  assert.doesNotMatch([...served.log, ...reader.lines].join("\n"), /sesame|guess/);
});

Deno.test("EndSession ends nothing: the session stays ready, and the hook runs at the end [exporter 73]", async () => {
  await using served = await serve({ afterLease: { script: "echo cleaned" } });
  {
    using channel = new Channel(served.endpoint);
    for (let time = 0; time < 2; time++) {
      const { success } = await channel.unary(ExporterService.endSession, {});
      assert.equal(success, false);
    }
    const { statusVersion, message } = await channel.unary(ExporterService.getStatus, {});
    assert.deepEqual([statusVersion, message], [1, "Ready for commands"]);
  }
  served.stop();
  assert.equal(await served.code, 0);
  assert.ok(served.log.includes("afterLease INFO cleaned"), served.log.join("\n"));
});

Deno.test("who comes second is told who is there, until that one has left", async () => {
  await using served = await serve();
  const notice =
    /^SYSTEM WARNING this exporter is in use as well by 127\.0\.0\.1:\d+ since [\d:]+$/;
  using channels = new DisposableStack();
  const open = () => new LogReader(channels.use(new Channel(served.endpoint)));
  {
    await using first = open();
    await first.shown(/serving bench/);
    {
      await using second = open();
      await second.shown(/serving bench/);
      assert.match(second.lines[0]!, notice);
      assert.equal(second.fields[0]!.notice, "clients");
    }
    assert.equal(first.lines.length, 1, "who was first is told nothing");
  }
  await until("they have left", async () => {
    await using third = open();
    await third.shown(/serving bench/);
    return third.lines.length === 1;
  });
});

Deno.test("TLS is served to who trusts the certificate, and to nobody else", async () => {
  await using dir = await tempDir();
  const { cert, key } = await selfSigned(dir.path);
  const ca = await Deno.readTextFile(cert);
  await using served = await serve({}, { tls: { cert: ca, key: await Deno.readTextFile(key) } });
  const report = async (options: ChannelOptions) => {
    using channel = new Channel(served.endpoint, options);
    return (await channel.unary(ExporterService.getReport, {}, { timeout: 5_000 })).motd;
  };
  assert.equal(await report({ tls: { ca } }), "Bench 7");
  await assert.rejects(report({ tls: {} }), { status: "UNAVAILABLE" });
  await assert.rejects(report({}), (error: RpcError) => error.status !== "UNAUTHENTICATED");
});

Deno.test("plaintext is not for a client that wants TLS [exporter 70]", async () => {
  await using served = await serve();
  using channel = new Channel(served.endpoint, { tls: {} });
  await assert.rejects(channel.unary(ExporterService.getReport, {}, { timeout: 5_000 }), {
    status: "UNAVAILABLE",
  });
});

Deno.test("an address that is taken is a sentence, and the drivers are closed again", async () => {
  await using first = await serve();
  const { port } = first.endpoint as Endpoint & { kind: "tcp" };
  const endpoint = { kind: "tcp", hostname: "127.0.0.1", port } as const;
  await assert.rejects(serve({}, { endpoint }), {
    code: "listen",
    message: new RegExp(`^cannot listen on 127\\.0\\.0\\.1:${port}: the address is in use; `),
  });
});

Deno.test("a beforeLease hook is ended with the exporter, and the afterLease hook cleans up", async () => {
  await using served = await serve({
    beforeLease: { script: "echo started; exec sleep 3600" },
    afterLease: { script: "echo cleaned" },
  });
  using channel = new Channel(served.endpoint);
  await using reader = new LogReader(channel);
  await within(10_000, reader.shown(/started/));
  served.stop();
  assert.equal(await within(10_000, served.code), 0);
  assert.ok(served.log.includes("afterLease INFO cleaned"), served.log.join("\n"));
});

Deno.test("who insists ends the afterLease hook, which may say a last word", async () => {
  await using served = await serve({
    afterLease: {
      script: "trap 'echo interrupted; exit' TERM; echo at it; while :; do sleep 0.05; done",
    },
  });
  using channel = new Channel(served.endpoint);
  await using reader = new LogReader(channel);
  served.stop();
  await within(10_000, reader.shown(/at it/));
  served.insist();
  assert.equal(await within(10_000, served.code), 0);
  assert.ok(served.log.includes("afterLease INFO interrupted"), served.log.join("\n"));
});
