import assert from "node:assert/strict";
import { connect } from "@jumpstarter/lib/client";
import { parseEndpoint } from "@jumpstarter/lib/rpc";
import { PowerClient } from "@jumpstarter/drivers/clients";
import { ExporterService } from "@jumpstarter/proto";
import { selfSigned } from "../support/certificate.ts";
import { directCommand, freePort, openDirect } from "../support/direct.ts";
import { types, writeExporter } from "../support/exporter_file.ts";
import { exporterCommand, jmpCommand, run, tempDir } from "../support/programs.ts";
import { isAlive, until, within } from "../support/running.ts";
import { LogReader } from "../support/session_watch.ts";

/** What an end may take, milliseconds: the machine may be busy. */
const SOON = 10_000;

/** Whether this machine has IPv6. */
function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

for (const [host, shown] of [["127.0.0.1", "127.0.0.1"], ["[::1]", "[::1]"], ["", "0.0.0.0"]]) {
  Deno.test({
    name: `an exporter serves at "${host}:PORT" [exporter 70]`,
    ignore: host === "[::1]" && !hasIpv6(),
    async fn() {
      const command = host === "[::1]" ? exporterCommand : jmpCommand;
      await using bench = await openDirect({ host: host!, command });
      assert.ok(bench.host.startsWith(`${shown}:`), bench.host);
      await using board = await connect(parseEndpoint(bench.host), { power: PowerClient });
      await board.power.on();
      await bench.program.shown(/INFO \[driver\.MockPower\] power on$/m);
    },
  });
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  Deno.test(`${signal} ends an exporter with status 0 after its hook, and nothing is left [exporter 73, client 80]`, async () => {
    await using bench = await openDirect({
      entries: { image: { type: types.flasher } },
      more: { hooks: { afterLease: { script: "echo cleaned at $$" } } },
    });
    // One of the three has a client that stays.
    const client = signal === "SIGINT" ? bench.channel() : undefined;
    await client?.unary(ExporterService.getReport, {});
    bench.program.kill(signal);
    const { status, stderr, stdout } = await within(SOON, bench.program.finished);
    client?.[Symbol.dispose]();
    assert.deepEqual([status, stdout], [0, `JUMPSTARTER_HOST=${bench.host}\n`], stderr);
    const pid = /^\S+ INFO \[exporter\.hook\] cleaned at (\d+)$/m.exec(stderr)?.[1];
    assert.equal(await isAlive(Number(pid)), false, stderr);
    for (const folder of [bench.temp, bench.runtime]) {
      assert.deepEqual([...Deno.readDirSync(folder)], [], folder);
    }
    assert.doesNotMatch(stderr, /error|WARNING/);
  });
}

Deno.test("a second signal ends the afterLease hook, a third one waits for nothing", async () => {
  const script = "trap 'echo asked' TERM; echo cleaning $$; while :; do sleep 0.1; done";
  await using bench = await openDirect({ more: { hooks: { afterLease: { script } } } });
  bench.program.kill("SIGINT");
  const [, pid] = await bench.program.shown(/cleaning (\d+)$/m);
  bench.program.kill("SIGINT");
  await bench.program.shown(/\] asked$/m);
  bench.program.kill("SIGINT");
  await within(3_000, bench.program.finished);
  await until("the hook is gone", async () => !await isAlive(Number(pid)));
});

Deno.test("an afterLease hook that does not listen is killed five seconds after its time-out [exporter 55]", async () => {
  const script = "trap '' TERM; sleep 3600 & echo cleaning $$ $!; wait; sleep 3600";
  await using bench = await openDirect({
    more: { hooks: { afterLease: { script, timeout: 1 } } },
  });
  bench.program.kill("SIGTERM");
  const [, ...pids] = await bench.program.shown(/cleaning (\d+) (\d+)$/m);
  const start = performance.now();
  const { status, stderr } = await within(2 * SOON, bench.program.finished);
  const time = performance.now() - start;
  assert.ok(time > 5_500 && time < 2 * SOON, `${time} ms`);
  assert.equal(status, 0);
  assert.match(
    stderr,
    /WARNING .*Hook timed out after 1 seconds \(on_failure=warn, continuing\)$/m,
  );
  for (const pid of pids) assert.equal(await isAlive(Number(pid)), false);
});

/** Command lines that are no way to serve, and what is said about them. */
const REFUSED: [string, RegExp][] = [
  ["--tls-grpc-insecure", /^error: --tls-grpc-insecure: only with --tls-grpc-listener /],
  ["--tls-cert c --tls-key k", /^error: --tls-cert, --tls-key: only with --tls-grpc-listener /],
  ["--passphrase p", /^error: --passphrase: only with --tls-grpc-listener /],
  ["--tls-grpc-listener 1", /^error: --tls-grpc-listener needs --tls-cert and --tls-key, or /],
  [
    "--tls-grpc-listener 1 --tls-grpc-insecure --tls-cert c --tls-key k",
    /^error: --tls-grpc-insecure excludes --tls-cert and --tls-key/,
  ],
  ["--tls-grpc-listener x --tls-grpc-insecure", /port must be an integer, got 'x'/],
  ["--tls-grpc-listener :65536 --tls-grpc-insecure", /between 1 and 65535, got 65536/],
  [
    "--tls-grpc-listener 1 --tls-grpc-insecure --passphrase-file /nonexistent",
    /^error: --passphrase-file: cannot read \/nonexistent: No such file/,
  ],
  ["--socket s --watch", /^error: --watch: only with a listener/],
  [
    "--socket s --tls-grpc-listener 1 --tls-grpc-insecure",
    /^error: give one of --tls-grpc-listener \[HOST:\]PORT and --socket PATH/,
  ],
];

Deno.test("options that do not fit are named, with status 2 [exporter 74, client 83]", async () => {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, {});
  const cwd = dir.path;
  await Promise.all(REFUSED.map(async ([flags, sentence]) => {
    const command = exporterCommand("run", "--exporter-config", file, ...flags.split(" "));
    const { status, stdout, stderr } = await run(command, { cwd });
    assert.match(stderr, sentence);
    assert.deepEqual([status, stdout, stderr.split("\n").length], [2, "", 2], stderr);
  }));
});

Deno.test("a port that is taken is a sentence and status 1", async () => {
  await using bench = await openDirect();
  const { status, stdout, stderr } = await run(directCommand(bench.file, bench.host));
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /^error: cannot listen on 127\.0\.0\.1:\d+: the address is in use; .*\n$/);
});

Deno.test("TLS and a passphrase from a file guard an exporter, whose log says who fails [exporter 71, client 81]", async () => {
  await using dir = await tempDir();
  const { cert, key } = await selfSigned(dir.path);
  const passphraseFile = `${dir.path}/passphrase`;
  await Deno.writeTextFile(passphraseFile, "open sesame\n");
  await using bench = await openDirect({
    host: "localhost",
    flags: ["--tls-cert", cert, "--tls-key", key, "--passphrase-file", passphraseFile],
    more: { hooks: { beforeLease: { script: "j power on && echo prepared" } } },
  });
  // The hook's own way to the drivers asks for no passphrase.
  await bench.program.shown(/\[exporter\.hook\] prepared$/m);
  const tls = { ca: await Deno.readTextFile(cert) };
  const metadata = { "x-jumpstarter-passphrase": "open sesame" };
  using guest = bench.channel({ tls, metadata });
  await guest.unary(ExporterService.getReport, {});
  assert.doesNotMatch(bench.program.stderr, /WARNING/);
  using stranger = bench.channel({ tls });
  await assert.rejects(stranger.unary(ExporterService.getReport, {}), {
    status: "UNAUTHENTICATED",
  });
  await bench.program.shown(
    /WARNING .*authentication failed: invalid or missing passphrase for method \/.*\/GetReport/,
  );
  using doubter = bench.channel({ tls: {}, metadata });
  await assert.rejects(doubter.unary(ExporterService.getReport, {}, { timeout: SOON }), {
    status: "UNAVAILABLE",
  });
  assert.doesNotMatch(bench.program.stderr, /sesame/);
});

Deno.test("a passphrase without TLS is worth a warning", async () => {
  await using bench = await openDirect({
    flags: ["--tls-grpc-insecure", "--passphrase", "open sesame"],
  });
  await bench.program.shown(/WARNING .*without TLS the passphrase travels in plaintext$/m);
});

Deno.test("who comes later reads what the hook has said before [exporter 72, client 80]", async () => {
  await using bench = await openDirect({
    more: { hooks: { beforeLease: { script: "j power on && echo prepared" } } },
  });
  await bench.program.shown(/\[exporter\.hook\] prepared$/m);
  using channel = bench.channel();
  await using reader = new LogReader(channel);
  await reader.shown(/^BEFORE_LEASE_HOOK INFO prepared$/);
  assert.ok(reader.lines.includes("DRIVER INFO power on"), reader.lines.join("\n"));
});

Deno.test("an exporter whose drivers do not start says so, runs no hook, and serves nobody", async () => {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, {
    serial: { type: types.serial, config: { url: "/dev/nonexistent" } },
  }, { hooks: { beforeLease: { script: "echo hook" }, afterLease: { script: "echo hook" } } });
  const { status, stdout, stderr } = await run(directCommand(file, `127.0.0.1:${freePort()}`));
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /^error: .*\/dev\/nonexistent.*\n$/);
});
