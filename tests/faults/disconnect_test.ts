import assert from "node:assert/strict";
import { type Bench, openExporter } from "../support/bench.ts";
import { types } from "../support/exporter_file.ts";
import { repoPath, run } from "../support/programs.ts";
import { type Running, start } from "../support/running.ts";

const entries = { power: { type: types.power }, flasher: { type: types.flasher } };
const SIZE = 64 * 1024 * 1024;

/** Starts a client that flashes and dumps, says "dumped", and goes on when its input ends. */
async function startClient(bench: Bench, last: string): Promise<Running> {
  const image = `${bench.dir}/image`;
  await Deno.writeFile(image, new Uint8Array(SIZE));
  const script = `${bench.dir}/client.ts`;
  await Deno.writeTextFile(
    script,
    `import { env } from "@jumpstarter/lib/client";
    import { FlasherClient, PowerClient } from "@jumpstarter/drivers/clients";
    await using board = await env({ flasher: FlasherClient, power: PowerClient });
    await board.flasher.flash("${image}");
    await board.flasher.dump("${image}.copy");
    console.log("dumped");
    await Deno.stdin.read(new Uint8Array(1));
    ${last}`,
  );
  const config = `--config=${repoPath("deno.json")}`;
  return start([Deno.execPath(), "run", "-qA", config, script], { env: bench.env, hasInput: true });
}

Deno.test("an exporter lives on when clients that have moved much data leave", async () => {
  await using bench = await openExporter(entries);
  // Memory that is freed too early is reused, and seen, in about two of three rounds.
  for (let round = 0; round < 3; round++) {
    await using client = await startClient(bench, "");
    await client.endInput();
    const { status, stderr } = await client.finished;
    assert.equal(status, 0, stderr);
  }
  const { status, stderr } = await run(bench.cold("power", "on"), { env: bench.env });
  assert.equal(status, 0, stderr);
});

Deno.test("a client that has moved much data lives on when its exporter leaves", async () => {
  await using bench = await openExporter(entries);
  const last = `await board.power.on().catch((error) => console.log(error.message));`;
  await using client = await startClient(bench, last);
  await client.shown(/dumped/);
  bench.program.kill("SIGTERM");
  await bench.program.finished;
  await client.endInput();
  const { status, stdout, stderr } = await client.finished;
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^on: the exporter does not answer any more \(connect ENOENT .*\)$/m);
});
