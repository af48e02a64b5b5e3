import assert from "node:assert/strict";
import { makeImage } from "../../examples/image.ts";
import { jmp, repoPath, run, tempDir } from "../support/programs.ts";

const deno = (...args: string[]): [string, ...string[]] => [
  Deno.execPath(),
  "run",
  "--quiet",
  "--no-prompt",
  "-A",
  `--config=${repoPath("deno.json")}`,
  ...args,
];

Deno.test("the demo shows a board from the first flash to power off", async () => {
  await using dir = await tempDir();
  const image = `${dir.path}/given.img`;
  await makeImage(image, { size: 5_000_000, version: "7.8.9" });
  const { status, stdout, stderr } = await run(deno(repoPath("examples/demo.ts"), image));
  assert.equal(status, 0, stderr);
  for (
    const line of [
      /flashed 5\.0 MB and read it back: sha256 [0-9a-f]{64}$/m,
      /the board has booted and asks for a login$/m,
      /uname -a says: Linux board /,
      /fetched http:\/\/127\.0\.0\.1:\d+\/ through a port forward: 200, "board: VERSION=7\.8\.9"$/m,
      /the board draws 0\.42 A at 5\.05 V$/m,
      /switched the power off; done$/m,
    ]
  ) assert.match(stdout, line);
});

Deno.test("the demo names an image that is not there", async () => {
  const { status, stderr } = await run(deno(repoPath("examples/demo.ts"), "/nonexistent.img"));
  assert.equal(status, 1);
  assert.equal(stderr, "error: cannot read /nonexistent.img: there is no such file\n");
});

Deno.test("the example script flashes, boots and checks the board of a shell", async () => {
  await using dir = await tempDir();
  const image = `${dir.path}/image.img`;
  await makeImage(image, { size: 1_000_000, version: "1.2.3" });
  const script = deno(repoPath("examples/check_board.ts"), image);
  const { status, stdout, stderr } = await jmp([
    ...["shell", "--exporter-config", repoPath("examples/board.yaml"), "--"],
    ...script,
  ]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^ok: the board runs [0-9a-f]{64}$/m);
});
