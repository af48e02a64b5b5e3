import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import type { Board } from "@jumpstarter/lib/client";
import type { ClientNode } from "@jumpstarter/lib/driver";
import { concat } from "@jumpstarter/lib/streams";
import { testIo } from "../../tests/support/command_io.ts";
import { commands, muxFlasherCommands } from "./storage_mux_commands.ts";
import { StorageMuxClient, StorageMuxFlasherClient } from "./mod.ts";

const P = "jumpstarter_driver_opendal.driver.";
const shape = { mux: StorageMuxClient, flasher: StorageMuxFlasherClient };

function open(): Promise<Board<typeof shape>> {
  return serve({
    mux: { type: `${P}MockStorageMux` },
    flasher: { type: `${P}MockStorageMuxFlasher` },
  }, shape);
}

function memory(): { sink: WritableStream<Uint8Array>; content(): string } {
  const parts: Uint8Array[] = [];
  return {
    sink: new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) }),
    content: () => new TextDecoder().decode(concat(parts)),
  };
}

/** A client that notes its calls; the named one fails. */
function noting(client: StorageMuxFlasherClient, failing: readonly string[] = []): {
  client: StorageMuxFlasherClient;
  calls: string[];
} {
  const calls: string[] = [];
  const { connection } = client.node;
  const node: ClientNode = {
    ...client.node,
    connection: {
      call(uuid, method, args, options) {
        calls.push(method);
        if (failing.includes(method)) return Promise.reject(new Error(`${method} is broken`));
        return connection.call(uuid, method, args, options);
      },
      streamingCall: connection.streamingCall.bind(connection),
      stream: connection.stream.bind(connection),
      openResource: connection.openResource.bind(connection),
    },
  };
  return { client: new StorageMuxFlasherClient(node), calls };
}

Deno.test("a storage mux is empty at first, and holds the last image that was written [drivers 9.1.2]", async () => {
  await using board = await open();
  const { mux } = board;
  await mux.host();
  const empty = memory();
  assert.equal((await mux.readLocalFile(empty.sink)).bytes, 0);
  await mux.writeLocalFile(new Blob(["a longer image"]));
  await mux.writeLocalFile(new Blob(["image"]));
  await mux.dut();
  await mux.off();
  const { sink, content } = memory();
  await mux.readLocalFile(sink);
  assert.equal(content(), "image");
});

Deno.test("flash and dump connect the storage to the exporter, and to the device after it [drivers 9.1.6]", async () => {
  await using board = await open();
  const { client, calls } = noting(board.flasher);
  await client.flash(new Blob(["image"]));
  assert.deepEqual(calls, ["host", "write", "dut"]);
  const { sink, content } = memory();
  await client.dump(sink);
  assert.equal(content(), "image");
  assert.deepEqual(calls.slice(3), ["host", "read", "dut"]);
});

Deno.test("reading back happens before the device has the storage again", async () => {
  await using board = await open();
  const { client, calls } = noting(board.flasher);
  await client.flash(new Blob(["image"]), { verify: true });
  assert.deepEqual(calls, ["host", "write", "read", "dut"]);
});

Deno.test("the device gets the storage after a failed write, too", async () => {
  await using board = await open();
  const { client, calls } = noting(board.flasher, ["write"]);
  await assert.rejects(client.flash(new Blob(["image"])), /^Error: write is broken$/);
  assert.deepEqual(calls, ["host", "write", "dut"]);
  const worse = noting(board.flasher, ["write", "dut"]);
  await assert.rejects(
    worse.client.flash(new Blob(["image"])),
    /write is broken; switching flasher back to the device also failed: dut is broken/,
  );
});

Deno.test("the device gets the storage after a cancelled write, too", async () => {
  await using board = await open();
  const { client, calls } = noting(board.flasher);
  const aborter = new AbortController();
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
  });
  const flashing = client.flash(endless, {
    signal: aborter.signal,
    onProgress: (done) => done > 1_000_000 && aborter.abort(),
  });
  await assert.rejects(flashing, /Cancelled/);
  assert.deepEqual(calls, ["host", "write", "dut"]);
});

Deno.test("a storage behind a mux takes no targets, and is not switched for one [drivers 9.5]", async () => {
  await using board = await open();
  const { client, calls } = noting(board.flasher);
  const refusal = { code: "usage", message: /flasher has one place only.*"boot"/ };
  await assert.rejects(client.flash(new Blob(["x"]), { target: "boot" }), refusal);
  await assert.rejects(client.flash({ boot: new Blob(["x"]) }), refusal);
  await assert.rejects(client.dump(new WritableStream(), { target: "boot" }), refusal);
  assert.deepEqual(calls, []);
});

Deno.test("an image behind a URL is fetched between host and dut", async () => {
  await using board = await open();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("from the web"),
  );
  const { client, calls } = noting(board.flasher);
  await client.flash(`http://127.0.0.1:${server.addr.port}/image`);
  assert.deepEqual(calls, ["host", "write", "dut"]);
  const { sink, content } = memory();
  await client.readLocalFile(sink);
  assert.equal(content(), "from the web");
});

Deno.test("j shows nothing of a URL that may be a secret", async () => {
  await using board = await open();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("from the web"),
  );
  const secret = "hush-hush";
  const url = `http://me:${secret}@127.0.0.1:${server.addr.port}/`;
  for (const place of [url, `${url}image.img?signature=${secret}`]) {
    const { io, labels, notes } = testIo();
    await commands.writeLocalFile!.run(board.mux, { file: place }, io);
    await commands.readLocalFile!.run(board.mux, { file: place }, io);
    await muxFlasherCommands.flash!.run(board.flasher, { file: [place], target: [] }, io);
    await muxFlasherCommands.dump!.run(board.flasher, { file: place }, io);
    assert.equal(labels.length, 4);
    assert.doesNotMatch([...labels, ...notes].join(), /hush/);
  }
});

Deno.test("j writes and reads files of a storage mux, standard input and output included [drivers 9.5]", async () => {
  await using board = await open();
  const cwd = await Deno.makeTempDir();
  const typed = testIo({ cwd });
  await typed.type("typed").catch(() => {});
  await typed.endInput();
  await commands.host!.run(board.mux, {}, typed.io);
  await commands.writeLocalFile!.run(board.mux, { file: "-" }, typed.io);
  assert.match(typed.notes.at(-1)!, /^✓ written: /);
  await commands.readLocalFile!.run(board.mux, { file: "copy" }, typed.io);
  assert.equal(await Deno.readTextFile(`${cwd}/copy`), "typed");
  await commands.writeLocalFile!.run(board.mux, { file: "copy" }, typed.io);
  await commands.readLocalFile!.run(board.mux, { file: "-" }, typed.io);
  assert.equal(typed.output(), "typed");
  await commands.off!.run(board.mux, {}, typed.io);
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("j flashes a storage behind a mux, and switches it by hand", async () => {
  await using board = await open();
  assert.deepEqual(Object.keys(muxFlasherCommands), [
    "flash",
    "dump",
    "host",
    "dut",
    "off",
    "writeLocalFile",
    "readLocalFile",
  ]);
  const cwd = await Deno.makeTempDir();
  await Deno.writeTextFile(`${cwd}/image`, "image");
  const { io } = testIo({ cwd });
  const flash = { file: ["image"], target: [], verify: true };
  await muxFlasherCommands.flash!.run(board.flasher, flash, io);
  await muxFlasherCommands.dump!.run(board.flasher, { file: "copy" }, io);
  assert.equal(await Deno.readTextFile(`${cwd}/copy`), "image");
  await muxFlasherCommands.dut!.run(board.flasher, {}, io);
  await Deno.remove(cwd, { recursive: true });
});
