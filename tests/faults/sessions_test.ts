import assert from "node:assert/strict";
import { type Bench, type CommandLine, openExporter, openShell } from "../support/bench.ts";
import { types } from "../support/exporter_file.ts";
import { exporterCommand, run } from "../support/programs.ts";
import { type Running, start, until, within } from "../support/running.ts";

const entries = {
  power: { type: types.power },
  serial: { type: types.serial, config: { url: "loop://" } },
  echo: { type: types.echo },
  flasher: { type: types.flasher },
  board: { type: types.board, config: { boot_time: 0 } },
};
/** What a user waits at most when something breaks, milliseconds. */
const SOON = 2_000;
const PIECE = new Uint8Array(65_536);

/** Starts a flash from a standard input that stays open, and has the device in the middle of it. */
async function startFlash(bench: Bench, command: CommandLine): Promise<Running> {
  const running = start([...command, "flash", "-"], { env: bench.env, hasInput: true });
  // More than all buffers on the way hold: once it is taken, the device has its first part.
  for (let piece = 0; piece < 300; piece++) await running.type(PIECE);
  return running;
}

/** The files that the mock flasher keeps. */
function images({ temp }: Bench): string[] {
  return [...Deno.readDirSync(temp)].flatMap(({ name }) =>
    [...Deno.readDirSync(`${temp}/${name}`)].map((image) => image.name)
  ).sort();
}

/** Commands that an exporter's end ends, and what they say when they are at it. */
const calls: [string, RegExp][] = [
  ["power cycle -w 60", /^Power cycling/],
  ["power read -n 0", /^voltage=/],
  ["serial pipe", /^copying the port/],
  ["echo forward-tcp 0", /^127\.0\.0\.1:/],
];

for (const [line, shown] of calls) {
  Deno.test(`an exporter that is killed ends j ${line} with a sentence`, async () => {
    await using bench = await openExporter(entries);
    const options = { env: bench.env, hasInput: true };
    await using running = start(bench.cold(...line.split(" ")), options);
    await running.shown(shown);
    bench.program.kill("SIGKILL");
    assertGone(await within(SOON, running.finished));
  });
}

Deno.test("an exporter that is killed ends a flash with a sentence", async () => {
  await using bench = await openExporter(entries);
  await using running = await startFlash(bench, bench.cold("flasher"));
  bench.program.kill("SIGKILL");
  assertGone(await within(SOON, running.finished));
});

function assertGone({ status, stderr }: { status: number; stderr: string }): void {
  assert.equal(status, 1, stderr);
  assert.match(stderr, /^(copying .*\n)?error: .*the exporter .*went away\n$/);
}

Deno.test("an exporter that is told to end closes its drivers, though a client hangs in the middle of a flash", async () => {
  await using bench = await openExporter(entries);
  await using running = await startFlash(bench, bench.cold("flasher"));
  running.kill("SIGSTOP");
  bench.program.kill("SIGTERM");
  await within(SOON, bench.program.finished);
  running.kill("SIGCONT");
  assert.deepEqual([...Deno.readDirSync(bench.temp)], [], "the images are gone");
  assert.deepEqual([...Deno.readDirSync(bench.runtime)], [], "the session's folder is gone");
  assertGone(await within(SOON, running.finished));
});

Deno.test("an exporter takes over the socket of one that was killed, not of one that serves", async () => {
  await using bench = await openExporter(entries);
  const again = exporterCommand(
    ...["run", "--exporter-config", `${bench.dir}/bench.yaml`, "--socket", bench.host],
  );
  const refused = await run(again);
  assert.equal(refused.status, 2);
  assert.match(
    refused.stderr,
    /^error: another program serves on .*\/socket; give another path\n$/,
  );
  bench.program.kill("SIGKILL");
  await bench.program.finished;
  await using exporter = start(again);
  await exporter.shown(/^JUMPSTARTER_HOST=/);
  assert.equal((await run(bench.cold("power", "on"), bench)).status, 0);
});

Deno.test("a client that is killed in the middle of a flash leaves the old image and a free flasher", async (test) => {
  await using bench = await openShell(entries);
  const { env } = bench;
  for (const [name, command] of [["warm", bench.warm], ["cold", bench.cold]] as const) {
    await test.step(name, async () => {
      await run(command("flasher", "flash", "-"), { env, input: "the old image" });
      await using running = await startFlash(bench, command("flasher"));
      assert.deepEqual(images(bench), ["image-default", "part-default"]);
      running.kill("SIGKILL");
      const old = await run(command("flasher", "dump", "-"), { env });
      assert.equal(old.stdout, "the old image");
      const second = ["flasher", "flash", "--verify", "-"];
      const { status, stderr } = await run(command(...second), { env, input: "the new image" });
      assert.equal(status, 0, stderr);
      assert.equal((await run(command("flasher", "dump", "-"), { env })).stdout, "the new image");
      assert.deepEqual(images(bench), ["image-default"]);
    });
  }
});

Deno.test("a client that is killed in the middle of a flash leaves a board that can be flashed", async (test) => {
  await using bench = await openShell(entries);
  const { env } = bench;
  for (const [name, command] of [["warm", bench.warm], ["cold", bench.cold]] as const) {
    await test.step(name, async () => {
      await using running = await startFlash(bench, command("board", "storage"));
      const flash = command("board", "storage", "flash", "--verify", "-");
      const busy = await run(flash, { env, input: "VERSION=1\n" });
      assert.match(busy.stderr, /^error: .*busy/);
      running.kill("SIGKILL");
      await until("the board is free", async () => {
        const { status, stderr } = await run(flash, { env, input: "VERSION=2\n" });
        assert.match(stderr, /busy|^✓ written and verified/);
        return status === 0;
      });
    });
  }
});

Deno.test("an input that cannot be read is no image", async (test) => {
  await using bench = await openShell(entries);
  const { env } = bench;
  await run(bench.warm("flasher", "flash", "-"), { env, input: "the old image" });
  for (const [name, command] of [["warm", bench.warm], ["cold", bench.cold]] as const) {
    await test.step(name, async () => {
      const flash = command("flasher", "flash", "-");
      const { status, stderr } = await run(["sh", "-c", 'exec "$@" </', "sh", ...flash], { env });
      assert.equal(status, 1);
      assert.match(stderr, /^error: reading .* failed: Is a directory.*\n$/);
      const { stdout } = await run(command("flasher", "dump", "-"), { env });
      assert.equal(stdout, "the old image");
    });
  }
});

Deno.test("output that nobody reads any more ends a command as in any pipe", async (test) => {
  await using bench = await openShell(entries);
  for (const [name, command] of [["warm", bench.warm], ["cold", bench.cold]] as const) {
    await test.step(name, async () => {
      const script = '"$@" | head -n 1; echo "status ${PIPESTATUS[0]}"';
      const read = command("power", "read", "-n", "0", "-i", "0");
      const { stdout, stderr } = await run(["bash", "-c", script, "bash", ...read], bench);
      assert.match(stdout, /^voltage=.*\nstatus 141\n$/);
      assert.equal(stderr, "");
    });
  }
});
