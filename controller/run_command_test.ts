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

Deno.test("jmp-controller run says what is wrong with its command line", async () => {
  const cases: [string[], RegExp][] = [
    [["run"], /--data is missing/],
    [["run", "--data", "x", "--listen", "nowhere"], /--listen: "nowhere" is no HOST:PORT/],
    [["walk"], /has no command "walk"/],
  ];
  for (const [words, said] of cases) {
    const { status, stderr } = await run(controllerCommand(...words));
    assert.equal(status, 2, stderr);
    assert.match(stderr, said);
  }
});
