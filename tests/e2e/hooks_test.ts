import assert from "node:assert/strict";
import { ExporterService } from "@jumpstarter/proto";
import { type DirectOptions, openDirect } from "../support/direct.ts";
import { exporterCommand, jmp, repoPath, tempDir } from "../support/programs.ts";
import { within } from "../support/running.ts";
import { LogReader, seenStatuses } from "../support/session_watch.ts";

const SOON = 15_000;
/** Says what a hook is told of the lease. */
const TELL = 'echo "$LEASE_NAME,$CLIENT_NAME,$JMP_DRIVERS_ALLOW"';

/** What the hooks of an exporter print, without time and logger. */
function hookLines(stderr: string): string[] {
  const lines = stderr.matchAll(/^\S+ (\w+) \[exporter\.hook\] (.*)$/gm);
  return [...lines].map(([, severity, message]) => `${severity} ${message}`);
}

/** Runs an exporter with hooks until it is ready, and ends it; what the hooks print. */
async function linesOf(hooks: Record<string, unknown>, options: DirectOptions = {}) {
  await using bench = await openDirect({ ...options, more: { hooks } });
  using channel = bench.channel();
  await seenStatuses(channel, (status) => {
    if (status.includes("LEASE_READY")) bench.program.kill("SIGTERM");
  });
  const { status, stderr } = await within(SOON, bench.program.finished);
  assert.equal(status, 0, stderr);
  return { lines: hookLines(stderr), stderr };
}

Deno.test("hooks call drivers with the j that jmp run brings along or from a script, and know where they are [exporter 46, client 92]", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(
    `${dir.path}/off.ts`,
    `import { env } from "@jumpstarter/lib/client";
    import { PowerClient } from "@jumpstarter/drivers/clients";
    await using board = await env({ power: PowerClient });
    await board.power.off();`,
  );
  const off = `${Deno.execPath()} run -qA --config=${repoPath("deno.json")} ${dir.path}/off.ts`;
  const { lines, stderr } = await linesOf({
    beforeLease: { script: `j power on && ${TELL}` },
    afterLease: { script: `${off} && ${TELL}` },
  }, { env: { PATH: "/usr/bin:/bin" } });
  assert.deepEqual(lines, ["INFO standalone,,UNSAFE", "INFO standalone,,UNSAFE"]);
  assert.match(stderr, /power on\n[^]*standalone,[^]*power off\n[^]*standalone,/);
});

Deno.test("under jmp-exporter hooks have the j of the PATH, or are told that there is none", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/j`, '#!/bin/sh\necho "called with $*"\n', { mode: 0o700 });
  const hooks = { beforeLease: { script: "j power on" } };
  const run = (path: string) =>
    linesOf(hooks, { command: exporterCommand, env: { PATH: `${path}/usr/bin:/bin` } });
  const [there, missing] = await Promise.all([run(`${dir.path}:`), run("")]);
  assert.deepEqual(there.lines, ["INFO called with power on"]);
  assert.doesNotMatch(there.stderr, /WARNING/);
  assert.match(
    missing.stderr,
    /WARNING .*no "j" is on PATH for the beforeLease hook; "jmp run" brings it along$/m,
  );
  assert.match(missing.lines.at(-1)!, /^WARNING Hook failed with exit code 127 /);
});

Deno.test("a client that is there while a hook runs reads its output live, and its message in the report [exporter 45, 62]", async () => {
  const script = 'echo waiting; until test -e "$TMPDIR/go"; do sleep 0.05; done; ' +
    'echo "on loan to Anna" >"$JMP_MOTD_FILE"; echo done';
  await using bench = await openDirect({
    more: { motd: "Bench 7", hooks: { beforeLease: { script } } },
  });
  using channel = bench.channel();
  await using reader = new LogReader(channel);
  await reader.shown(/^BEFORE_LEASE_HOOK INFO waiting$/);
  const motd = async () => (await channel.unary(ExporterService.getReport, {})).motd;
  assert.equal(await motd(), "Bench 7");
  const statuses = seenStatuses(channel, (status) => {
    if (status.includes("LEASE_READY")) ready.resolve();
  });
  const ready = Promise.withResolvers<void>();
  await Deno.writeTextFile(`${bench.temp}/go`, "");
  await within(SOON, ready.promise);
  assert.equal(await motd(), "Bench 7\non loan to Anna");
  await reader.shown(/^BEFORE_LEASE_HOOK INFO done$/);
  bench.program.kill("SIGTERM");
  assert.deepEqual((await statuses).slice(0, 2), [
    "1 BEFORE_LEASE_HOOK Running beforeLease hook",
    "2 LEASE_READY Ready for commands",
  ]);
});

Deno.test("a hook's surroundings, output and time are what they are anywhere [exporter 47, 54, 58, 59, 60, 61]", async () => {
  const environment = 'echo "$TERM $DEBIAN_FRONTEND $GIT_TERMINAL_PROMPT $JMP_DRIVERS_ALLOW"; ' +
    "grep -cz ^PS1= /proc/$$/environ"; // a shell sets a prompt of its own
  const python = "import sys; print('python', sys.version_info[0])";
  const [odd, late, bash] = await Promise.all([
    linesOf({
      beforeLease: { script: `${environment}\nprintf 'a\\r\\n\\n  b\\n'; sleep 3 & printf last` },
      afterLease: { script: "x", exec: "fish-of-nobody" },
    }, { env: { PS1: "$ " } }),
    linesOf({
      beforeLease: { script: "echo before; exec sleep 3600", timeout: 1 },
      afterLease: { script: python, exec: "python3" },
    }),
    linesOf({ beforeLease: { script: "a=(1 2); echo ${#a[@]}", exec: "/bin/bash" } }),
  ]);
  assert.deepEqual(odd.lines, [
    "INFO dumb noninteractive 0 UNSAFE",
    "INFO 0",
    "INFO a",
    "INFO   b",
    "INFO last",
    "WARNING Error executing hook: cannot run fish-of-nobody: no such file or directory " +
    "(on_failure=warn, continuing)",
  ]);
  assert.deepEqual(late.lines, [
    "INFO before",
    "WARNING Hook timed out after 1 seconds (on_failure=warn, continuing)",
    "INFO python 3",
  ]);
  assert.deepEqual(bash.lines, ["INFO 2"]);
});

Deno.test("a beforeLease hook that fails with endLease leaves an exporter that says why and calls no driver [exporter 76]", async () => {
  await using bench = await openDirect({
    more: {
      hooks: {
        beforeLease: { script: "exit 3", onFailure: "endLease" },
        afterLease: { script: "echo never" },
      },
    },
  });
  await bench.program.shown(/ERROR .*Hook failed with exit code 3/);
  using channel = bench.channel();
  const { message } = await channel.unary(ExporterService.getStatus, {});
  assert.equal(
    message,
    "beforeLease hook failed (on_failure=endLease): Hook failed with exit code 3",
  );
  const { reports } = await channel.unary(ExporterService.getReport, {});
  const call = { uuid: reports.at(-1)!.uuid, method: "on", args: [] };
  await assert.rejects(channel.unary(ExporterService.driverCall, call), {
    status: "FAILED_PRECONDITION",
  });
  bench.program.kill("SIGTERM");
  const { status, stderr } = await within(SOON, bench.program.finished);
  assert.equal(status, 0);
  assert.doesNotMatch(stderr, /never/);
});

for (const phase of ["beforeLease", "afterLease"] as const) {
  const other = phase === "beforeLease" ? "afterLease" : "beforeLease";
  Deno.test(`the ${phase} hook that fails with exit is seen for two seconds, then the exporter ends with status 1 [exporter 50, 53]`, async () => {
    await using bench = await openDirect({
      more: {
        hooks: {
          [phase]: { script: "sleep 0.4; exit 3", onFailure: "exit" },
          [other]: { script: "echo the other one" },
        },
      },
    });
    using channel = bench.channel();
    let failedAt = 0;
    const statuses = await seenStatuses(channel, (status) => {
      if (status.includes("LEASE_READY")) bench.program.kill("SIGTERM");
      if (status.includes("FAILED")) failedAt = performance.now();
    });
    const { status, stderr } = await within(SOON, bench.program.finished);
    const time = performance.now() - failedAt;
    assert.ok(failedAt > 0 && time > 1_800 && time < 6_000, `${time} ms`);
    assert.equal(status, 1);
    const failed =
      `${phase} hook failed (on_failure=exit, shutting down): Hook failed with exit code 3`;
    assert.ok(statuses.some((seen) => seen.endsWith(failed)), statuses.join("\n"));
    assert.ok(!statuses.some((seen) => / AVAILABLE /.test(seen)), statuses.join("\n"));
    assert.equal(/the other one/.test(stderr), phase === "afterLease");
  });
}

/** Runs `j power on` in a shell on an exporter in the network. */
function shellOn({ host }: { host: string }) {
  const command = ["--", "sh", "-c", "j power on; echo it runs; sleep 1"];
  return jmp(["shell", "--tls-grpc", host, "--tls-grpc-insecure", ...command]);
}

Deno.test("a shell shows what hooks say, in their order, and nothing else of the exporter's log [client 64, 67]", async () => {
  await using bench = await openDirect({
    more: {
      hooks: {
        beforeLease: { script: "echo prepared" },
        afterLease: { script: "echo cleaned; sleep 1" },
      },
    },
  });
  const shell = shellOn(bench);
  await bench.program.shown(/power on$/m);
  bench.program.kill("SIGTERM");
  const { stderr } = await within(SOON, shell);
  const lines = [...stderr.matchAll(/\[(exporter:\w+)\] (.*)$/gm)].map(([, from, line]) =>
    `${from} ${line}`
  );
  assert.deepEqual(lines, ["exporter:beforeLease prepared", "exporter:afterLease cleaned"], stderr);
});

for (const onFailure of ["endLease", "exit"]) {
  Deno.test(`a shell on a board whose hook fails with ${onFailure} fails, and the afterLease hook does not run [client 66]`, async () => {
    await using bench = await openDirect({
      more: {
        hooks: {
          beforeLease: { script: "sleep 1; exit 3", onFailure },
          afterLease: { script: "echo never" },
        },
      },
    });
    const { status, stdout, stderr } = await within(SOON, shellOn(bench));
    assert.equal(status, 1, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /beforeLease hook failed .*Hook failed with exit code 3/);
    bench.program.kill("SIGTERM");
    assert.doesNotMatch((await within(SOON, bench.program.finished)).stderr, /never/);
  });
}
