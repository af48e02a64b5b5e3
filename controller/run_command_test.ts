import * as assert from "node:assert/strict";
import { controllerCommand, run, tempDir } from "../tests/support/programs.ts";
import { start } from "../tests/support/running.ts";

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
