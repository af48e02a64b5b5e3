import assert from "node:assert/strict";
import { connect } from "@jumpstarter/lib/client";
import { FlasherClient } from "@jumpstarter/drivers/clients";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmp, jmpCommand, tempDir } from "../support/programs.ts";
import { type ExporterProcess, Running, startExporter } from "../support/session.ts";

const entries = {
  power: { type: types.power },
  flasher: { type: types.flasher },
  board: { type: types.board, config: { boot_time: 0 } },
};

interface Bench extends AsyncDisposable {
  exporter: ExporterProcess;
  env: Record<string, string>;
}

async function open(): Promise<Bench> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir());
  const file = await writeExporter(dir.path, entries);
  const exporter = stack.use(await startExporter(dir.path, file));
  const env = { JUMPSTARTER_HOST: exporter.host };
  const held = stack.move();
  return { exporter, env, [Symbol.asyncDispose]: async () => await held.disposeAsync() };
}

/** Starts to flash from standard input and feeds so much that the driver is at it. */
async function startFlash(bench: Bench, target: string): Promise<Running> {
  const running = new Running(jmpCommand("j", ...target.split(" "), "flash", "-"), bench.env);
  const writer = running.child.stdin.getWriter();
  // More than all buffers on the way hold: when it is taken, the driver has got the first of it.
  for (let piece = 0; piece < 500; piece++) await writer.write(new Uint8Array(65_536));
  writer.releaseLock();
  return running;
}

Deno.test("an exporter that is killed during a call ends j with a sentence", async () => {
  await using bench = await open();
  await using running = new Running(jmpCommand("j", "power", "read", "-n", "0"), bench.env);
  await running.printed(/voltage/);
  bench.exporter.child.kill("SIGKILL");
  const { status, stderr } = await running.ended(5_000);
  assert.equal(status, 1);
  assert.match(stderr, /^error: .*(read|went away|lost|No connection|ECONN|Connection)/);
  assert.doesNotMatch(stderr, /\n\s+at /);
});

Deno.test("an exporter that is killed during a flash ends j with a sentence", async () => {
  await using bench = await open();
  await using running = await startFlash(bench, "flasher");
  bench.exporter.child.kill("SIGKILL");
  const { status, stderr } = await running.ended(5_000);
  assert.equal(status, 1);
  assert.match(stderr, /^error: flash: /);
  assert.doesNotMatch(stderr, /\n\s+at /);
});

for (const target of ["flasher", "board storage"]) {
  Deno.test(`a client that is killed during a flash leaves ${target} free`, async () => {
    await using bench = await open();
    {
      await using running = await startFlash(bench, target);
      running.child.kill("SIGKILL");
    }
    await using board = await connect({ kind: "unix", path: bench.exporter.host });
    const client = board.child(target.replace(" ", "."), FlasherClient);
    // The exporter learns of the client's end with the next packet; until then it may be busy.
    const deadline = Date.now() + 5_000;
    for (;;) {
      try {
        const { bytes } = await client.flash(new Blob(["VERSION=2"]), { verify: true });
        assert.equal(bytes, 9);
        break;
      } catch (error) {
        assert.match((error as Error).message, /busy/);
        assert.ok(Date.now() < deadline, "the device stays busy");
      }
    }
  });
}

Deno.test("a client that is killed during a flash leaves the old image on a mock flasher", async () => {
  await using bench = await open();
  await using board = await connect({ kind: "unix", path: bench.exporter.host });
  const flasher = board.child("flasher", FlasherClient);
  const old = await flasher.flash(new Blob(["the old image"]));
  {
    await using running = await startFlash(bench, "flasher");
    running.child.kill("SIGKILL");
  }
  assert.deepEqual(await flasher.dump(new WritableStream()), old);
});

Deno.test("a driver whose constructor fails is named, and nothing is left behind", async () => {
  await using dir = await tempDir();
  const runtime = `${dir.path}/runtime`;
  await Deno.mkdir(runtime);
  const file = await writeExporter(dir.path, {
    flasher: { type: types.flasher },
    files: { type: types.opendal, config: { scheme: "fs", kwargs: { root: "/dev/null/x" } } },
  });
  const { status, stderr } = await jmp(["shell", "--exporter-config", file, "--", "true"], {
    env: { XDG_RUNTIME_DIR: runtime },
  });
  assert.equal(status, 1);
  assert.match(stderr, /^error: .*bench\.yaml:\d+: export\.files \(Opendal\) cannot start: /);
  assert.doesNotMatch(stderr, /\n\s+at /);
  assert.deepEqual([...Deno.readDirSync(runtime)], []);
});

Deno.test("a driver that cannot be reset is named, and nothing is left behind", async () => {
  await using dir = await tempDir();
  const runtime = `${dir.path}/runtime`;
  await Deno.mkdir(runtime);
  const file = await writeExporter(dir.path, {
    serial: { type: types.serial, config: { url: "/dev/nonexistent" } },
  });
  const { status, stderr } = await jmp(["shell", "--exporter-config", file, "--", "true"], {
    env: { XDG_RUNTIME_DIR: runtime },
  });
  assert.equal(status, 1);
  assert.match(stderr, /^error: cannot open the serial port \/dev\/nonexistent: /);
  assert.deepEqual([...Deno.readDirSync(runtime)], []);
});
