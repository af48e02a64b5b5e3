import * as assert from "node:assert/strict";
import type { CliCommand } from "@jumpstarter/lib/program";
import { parse as parseLine } from "@jumpstarter/lib/program/parse";
import { testIo } from "../tests/support/command_io.ts";
import { controllerCommand, run, tempDir } from "../tests/support/programs.ts";
import { start } from "../tests/support/running.ts";
import { formatRouterFile } from "./control/mod.ts";
import { routerCommand } from "./router_command.ts";
import { runCommand } from "./run_command.ts";
import { makeAuthority, makeServerCertificate } from "./services/certificates.ts";

const PORTS = ["listen", "router-listen", "admin-listen"].flatMap((port) => [
  `--${port}`,
  "127.0.0.1:0",
]);

Deno.test("jmp-controller run says where it is, ends well when told to, and starts again", async () => {
  await using dir = await tempDir();
  const data = `${dir.path}/data`;
  const certificates: string[] = [];
  for (let round = 0; round < 2; round++) {
    await using running = start(controllerCommand("run", "--data", data, ...PORTS));
    await running.shown(/^Endpoint: 127\.0\.0\.1:\d+$/m);
    const [, file] = await running.shown(/^CA: +(.+)$/m);
    certificates.push(await Deno.readTextFile(file!));
    const second = await run(controllerCommand("run", "--data", data, ...PORTS));
    assert.equal(second.status, 1);
    assert.match(second.stderr, /^error: .*store\.sqlite/m);
    running.kill("SIGTERM");
    assert.equal((await running.finished).status, 0);
  }
  assert.equal(certificates[0], certificates[1]);
});

for (const drain of [0, 60]) {
  Deno.test(`jmp-controller has all of its time to end from the signal on, with --drain ${drain}`, async () => {
    await using dir = await tempDir();
    const run = (command: CliCommand, ready: string, ...words: string[]) =>
      timesAsked(command, ready, [...words, "--drain", `${drain}`, "--log-level", "ERROR"]);
    const data = `${dir.path}/data`;
    assert.deepEqual(await run(runCommand(), "Next:", "--data", data, ...PORTS), [
      [true, drain * 1_000 + 5_000],
    ]);
    const file = await routerFile(dir.path);
    assert.deepEqual(await run(routerCommand, "Router:", file), [[true, drain * 1_000 + 3_000]]);
  });
}

/** The times that a command asks for, ms, each with whether it was told to end by then. */
async function timesAsked(command: CliCommand, ready: string, words: string[]) {
  const { io, interrupt, shown } = testIo();
  const parsed = parseLine("jmp-controller", command, words);
  assert.ok(parsed.kind === "run");
  const asked: [boolean, number][] = [];
  const ended = command.run(parsed.values, io, {
    insisted: new AbortController().signal,
    postpone: (time) => void asked.push([io.signal.aborted, time]),
  });
  await shown(ready);
  interrupt();
  await ended;
  return asked;
}

/** A file for a router that has no controller to speak to. */
async function routerFile(dir: string): Promise<string> {
  const authority = await makeAuthority();
  const tls = { ca: authority.cert, ...await makeServerCertificate(authority, ["127.0.0.1"]) };
  const [listen, controller] = ["127.0.0.1:0", "127.0.0.1:1"];
  const text = formatRouterFile({ endpoint: "router:8083", listen, controller, key: "k", tls });
  await Deno.writeTextFile(`${dir}/router.yaml`, text);
  return `${dir}/router.yaml`;
}

/** The program with a store whose watches break at a signal. */
const BREAKING = `
  import { runProgram } from "${import.meta.resolve("../lib/program/mod.ts")}";
  import { runCommand } from "${import.meta.resolve("./run_command.ts")}";
  import { Watch } from "${import.meta.resolve("./store/watch.ts")}";
  const broken = new Promise((_, reject) =>
    Deno.addSignalListener("SIGUSR1", () => reject(new Error("the disk is full")))
  );
  broken.catch(() => {});
  const next = Watch.prototype.next;
  Watch.prototype.next = function () { return Promise.race([next.call(this), broken]); };
  const [data, ...ports] = Deno.args;
  const commands = { run: { does: "", load: () => Promise.resolve(runCommand()) } };
  const program = { name: "jmp-controller", does: "", options: {}, commands };
  Deno.exit(await runProgram(program, ["run", "--data", data, ...ports]));`;

Deno.test("jmp-controller run ends with a sentence when it no longer knows its lab", async () => {
  await using dir = await tempDir();
  await using running = start([Deno.execPath(), "eval", "-q", BREAKING, dir.path, ...PORTS]);
  await running.shown(/^Next: /m);
  running.kill("SIGUSR1");
  const { status, stderr } = await running.finished;
  assert.equal(status, 1);
  assert.match(stderr, /^error: the objects .* followed: the disk is full; start .* again$/m);
});

Deno.test("jmp-controller run says what is wrong with its command line", async () => {
  const cases: [string[], RegExp][] = [
    [["run"], /--data is missing/],
    [["run", "--data", "x", "--listen", "nowhere"], /--listen: "nowhere" is no HOST:PORT/],
    [["walk"], /has no command "walk"/],
  ];
  for (const host of ["https://lab.example", "lab.example:8082", "[::1]", "0.0.0.0", "a b"]) {
    cases.push([["run", "--data", "x", "--host", host], /--host: ".*" is no name or address/]);
  }
  for (const [words, said] of cases) {
    const { status, stderr } = await run(controllerCommand(...words));
    assert.equal(status, 2, stderr);
    assert.match(stderr, said);
  }
});
