import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import type { Command } from "@jumpstarter/lib/commands";
import type { DriverClient } from "@jumpstarter/lib/driver";
import { type TestIo, testIo } from "../../tests/support/command_io.ts";
import { FlasherClient, OpendalClient } from "./client.ts";
import { commands as files } from "./commands.ts";
import { commands as flasher } from "./flasher_commands.ts";

interface Bench extends AsyncDisposable {
  /** A folder to work in, apart from the storage. */
  dir: string;
  /** Runs a command with the defaults that `j` fills in. */
  run(command: string, values?: Record<string, unknown>, surroundings?: TestIo): Promise<Outcome>;
}

interface Outcome {
  status: number;
  output: string;
  notes: string[];
}

async function open(): Promise<Bench> {
  const dir = await Deno.makeTempDir();
  const root = `${dir}/storage`;
  const board = await serve({
    files: {
      type: "jumpstarter_driver_opendal.driver.Opendal",
      config: { scheme: "fs", kwargs: { root } },
    },
    flasher: { type: "jumpstarter_driver_opendal.driver.MockFlasher" },
  }, { files: OpendalClient, flasher: FlasherClient });
  await Deno.mkdir(`${dir}/here`);
  return {
    dir: `${dir}/here`,
    async run(name, values = {}, surroundings = testIo({ cwd: `${dir}/here` })) {
      const command = (files[name] ?? flasher[name]) as unknown as Command<DriverClient>;
      const { io, output, notes } = surroundings;
      const given = { ...defaultsOf(command), ...values };
      const client = name in files ? board.files : board.flasher;
      const status = await command.run(client, given, io) ?? 0;
      return { status, output: output(), notes };
    },
    async [Symbol.asyncDispose]() {
      await board[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

function defaultsOf(command: Command<DriverClient>): Record<string, unknown> {
  const parameters = Object.entries({ ...command.arguments, ...command.options });
  return Object.fromEntries(parameters.map(([name, parameter]) => [name, parameter.default]));
}

function typed(text: string): TestIo {
  const surroundings = testIo();
  void surroundings.type(text).then(() => surroundings.endInput());
  return surroundings;
}

const HI = "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4";

Deno.test("the storage's commands write, look at and read files [drivers 9.5]", async () => {
  await using bench = await open();
  await Deno.writeTextFile(`${bench.dir}/image`, "hi");
  const sent = await bench.run("writeFromPath", { destination: "boot/image", source: "image" });
  assert.match(sent.notes[0]!, new RegExp(`^✓ written: 0\\.0 MB in \\d+\\.\\d s, sha256 ${HI}$`));
  assert.equal((await bench.run("hash", { path: "boot/image" })).output, `${HI}\n`);
  assert.equal(
    (await bench.run("hash", { path: "boot/image", algo: "md5" })).output,
    "49f68a5c8493ec2c0bf489821c21fc3b\n",
  );
  const { output } = await bench.run("stat", { path: "boot/image" });
  assert.deepEqual(JSON.parse(output).mode, { is_file: true, is_dir: false });
  assert.equal(JSON.parse(output).content_length, 2);
  await bench.run("readIntoPath", { source: "boot/image", destination: "copy" });
  assert.equal(await Deno.readTextFile(`${bench.dir}/copy`), "hi");
});

Deno.test("the storage's commands take standard input and fill standard output", async () => {
  await using bench = await open();
  await bench.run("writeBytes", { path: "typed" }, typed("some words"));
  assert.equal((await bench.run("readBytes", { path: "typed" })).output, "some words");
});

Deno.test("the storage's commands take - and URLs where a file is named", async () => {
  await using bench = await open();
  const received: string[] = [];
  await using web = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      if (request.method === "PUT") received.push(await request.text());
      return new Response("from the web");
    },
  );
  const url = `http://127.0.0.1:${web.addr.port}/image?signature=hush`;
  await bench.run("writeFromPath", { destination: "typed", source: "-" }, typed("some words"));
  const read = await bench.run("readIntoPath", { source: "typed", destination: "-" });
  assert.equal(read.output, "some words");
  const sent = await bench.run("writeFromPath", { destination: "fetched", source: url });
  assert.match(sent.notes.join(), /^✓ written in \d+\.\d s$/);
  assert.equal((await bench.run("readBytes", { path: "fetched" })).output, "from the web");
  await bench.run("readIntoPath", { source: "typed", destination: url });
  assert.deepEqual(received, ["some words"]);
});

Deno.test("the storage's commands list, copy, rename and delete", async () => {
  await using bench = await open();
  await bench.run("createDir", { path: "a/b/" });
  await bench.run("writeBytes", { path: "a/one" }, typed("1"));
  await bench.run("copy", { source: "a/one", target: "a/b/two" });
  await bench.run("rename", { source: "a/one", target: "a/three" });
  const lines = async (command: string, path: string) =>
    (await bench.run(command, { path })).output.trimEnd().split("\n").sort();
  assert.deepEqual(await lines("list", "a/"), ["a/", "a/b/", "a/three"]);
  assert.deepEqual(await lines("scan", "a/"), ["a/", "a/b/", "a/b/two", "a/three"]);
  await bench.run("delete", { path: "a/three" });
  assert.equal((await bench.run("exists", { path: "a/three" })).status, 1);
  assert.equal((await bench.run("exists", { path: "a/b/two" })).status, 0);
  await bench.run("removeAll", { path: "a/" });
  assert.equal((await bench.run("exists", { path: "a/" })).status, 1);
});

Deno.test("the storage's commands tell what it can do, and that it has no URLs", async () => {
  await using bench = await open();
  assert.equal(JSON.parse((await bench.run("capability")).output).presign, false);
  for (const name of ["presignStat", "presignRead", "presignWrite"]) {
    await assert.rejects(bench.run(name, { path: "x" }), { code: "not_implemented" });
  }
});

Deno.test("flash and dump carry an image, from where the command was typed", async () => {
  await using bench = await open();
  await Deno.writeTextFile(`${bench.dir}/image`, "hi");
  const plain = await bench.run("flash", { file: ["image"] });
  assert.match(plain.notes[0]!, /^✓ written: 0\.0 MB in /);
  const verified = await bench.run("flash", { file: ["image"], verify: true });
  assert.match(verified.notes[0]!, /^✓ written and verified: 0\.0 MB in /);
  assert.match((await bench.run("dump", { file: "copy" })).notes[0]!, /^✓ read: 0\.0 MB in /);
  assert.equal(await Deno.readTextFile(`${bench.dir}/copy`), "hi");
});

Deno.test("flash and dump take - for standard input and output", async () => {
  await using bench = await open();
  await bench.run("flash", { file: ["-"] }, typed("from a pipe"));
  assert.equal((await bench.run("dump", { file: "-" })).output, "from a pipe");
});

Deno.test("flash writes each target, and passes over FILE then", async () => {
  await using bench = await open();
  await Deno.writeTextFile(`${bench.dir}/one`, "1");
  await Deno.writeTextFile(`${bench.dir}/two`, "2");
  await bench.run("flash", { file: ["nope"], target: ["a:one", "b:two"] });
  assert.equal((await bench.run("dump", { file: "-", target: "a" })).output, "1");
  assert.equal((await bench.run("dump", { file: "-", target: "b" })).output, "2");
});

Deno.test("flash refuses what it cannot do before it writes anything", async () => {
  await using bench = await open();
  await Deno.writeTextFile(`${bench.dir}/one`, "1");
  const refused: [Record<string, unknown>, string][] = [
    [{}, "FILE argument is required unless --target/-t is used"],
    [{ target: ["a:one", "two"] }, "Invalid target spec 'two', expected name:file"],
    [{ target: ["a:one", ":two"] }, "Invalid target spec ':two', expected name:file"],
    [
      { file: ["one"], verify: true, compression: "gzip" },
      "a compressed image cannot be verified: what is read back is plain",
    ],
    [
      { file: ["https://h/x"], verify: true },
      "an image behind a URL cannot be verified: the exporter fetches it, and it never comes here",
    ],
  ];
  for (const [values, message] of refused) {
    await assert.rejects(bench.run("flash", { file: [], ...values }), { code: "usage", message });
  }
  await assert.rejects(bench.run("dump", { file: "-", target: "a" }), /nothing was flashed to "a"/);
});

Deno.test("flash ends when the user interrupts it", async () => {
  await using bench = await open();
  const surroundings = testIo();
  const flashing = bench.run("flash", { file: ["-"] }, surroundings);
  await surroundings.type("the beginning");
  surroundings.interrupt();
  await assert.rejects(flashing);
  await surroundings.endInput();
  await assert.rejects(bench.run("dump", { file: "-" }), /nothing was flashed/);
});
