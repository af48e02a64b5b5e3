import assert from "node:assert/strict";
import { ExporterService } from "@jumpstarter/proto";
import { openDirect } from "../support/direct.ts";
import { types, writeExporter } from "../support/exporter_file.ts";
import { within } from "../support/running.ts";

const hooks = (name: string) => ({
  beforeLease: { script: `echo ${name} prepared` },
  afterLease: { script: `echo ${name} cleaned` },
});
const power = { type: types.power };

Deno.test("jmp run --watch takes a changed file when its client has left, at the same address", async () => {
  await using bench = await openDirect({
    flags: ["--tls-grpc-insecure", "--watch"],
    more: { hooks: hooks("one") },
  });
  const children = async () => {
    using channel = bench.channel();
    const { reports } = await channel.unary(ExporterService.getReport, {});
    return reports.slice(1).map(({ labels }) => labels["jumpstarter.dev/name"]);
  };
  {
    using channel = bench.channel();
    await channel.unary(ExporterService.getReport, {});
    await bench.program.shown(/one prepared$/m);
    await Deno.writeTextFile(bench.file, "export:\n  power: {typ: x}\nmetadata: {name: a}\n");
    await bench.program.shown(
      /ERROR .*bench\.yaml is not taken, what runs stays: .*bench\.yaml:\d/,
    );
    await writeExporter(bench.dir, { power, spare: power }, { hooks: hooks("two") });
    await bench.program.shown(/INFO .*has changed; it is taken as soon as no client is connected/);
    assert.deepEqual(await children(), ["power"]);
  }
  await bench.program.shown(/two prepared$/m);
  assert.deepEqual(await children(), ["power", "spare"]);
  // Drivers that do not start: those that did are back.
  const serial = { type: types.serial, config: { url: "/dev/nonexistent" } };
  await writeExporter(bench.dir, { serial }, { hooks: hooks("three") });
  await bench.program.shown(/ERROR .*does not start, what ran before does: .*\/dev\/nonexistent/);
  await bench.program.shown(/two prepared$[^]*two prepared$/m);
  assert.deepEqual(await children(), ["power", "spare"]);
  bench.program.kill("SIGTERM");
  const { status, stdout, stderr } = await within(10_000, bench.program.finished);
  assert.equal(status, 0);
  assert.equal(stdout, `JUMPSTARTER_HOST=${bench.host}\n`.repeat(3));
  assert.deepEqual(
    [...stderr.matchAll(/(\w+ (?:prepared|cleaned))$/gm)].map(([line]) => line),
    [
      ...["one prepared", "one cleaned", "two prepared", "two cleaned"],
      ...["two prepared", "two cleaned"],
    ],
  );
});
