import { serve } from "@jumpstarter/exporter/testing";
import { OpendalClient } from "@jumpstarter/drivers/clients";
import assert from "node:assert/strict";
import { openStore } from "../../drivers/opendal/open_store.ts";
import { types } from "../support/exporter_file.ts";
import { tempDir } from "../support/programs.ts";
import { openS3 } from "./s3_server.ts";

const MIB = 1024 * 1024;

/** An exporter with a storage in a bucket of its own. */
async function open(changes: Record<string, string> = {}) {
  await using stack = new AsyncDisposableStack();
  const { path: dir } = stack.use(await tempDir());
  const s3 = stack.use(await openS3(dir));
  const kwargs = { ...s3.kwargs, ...changes };
  const storage = { type: types.opendal, config: { scheme: "s3", kwargs } };
  const board = stack.use(await serve({ storage }, { storage: OpendalClient }));
  const held = stack.move();
  return {
    storage: board.storage,
    kwargs,
    /** The folder of the bucket's objects. */
    bucket: `${dir}/images`,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** An image of so many MiB that nobody holds whole. */
function image(size: number, after: () => void = () => {}): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent === size) {
        after();
        return controller.close();
      }
      controller.enqueue(new Uint8Array(MIB).fill(sent++));
    },
  });
}

/** The parts that the service holds of uploads which have not come to their end. */
async function parts(bucket: string): Promise<number> {
  let count = 0;
  const look = async (dir: string) => {
    for await (const { name, isDirectory } of Deno.readDir(dir)) {
      if (isDirectory) await look(`${dir}/${name}`);
      else count++;
    }
  };
  await look(`${bucket}/.sgwtmp/multipart`);
  return count;
}

Deno.test("s3 sends a stream of unknown length in parts while it comes", async () => {
  await using bench = await open();
  let held: Promise<number> | undefined;
  const { bytes, sha256 } = await bench.storage.writeFromPath(
    "large",
    image(160, () => held = parts(bench.bucket)),
  );
  assert.equal(bytes, 160 * MIB);
  assert.equal(await bench.storage.hash("large"), sha256);
  assert.match((await bench.storage.stat("large")).etag!, /-20"$/); // in 20 parts
  // When the last byte is read here, little is left between here and the service.
  assert.ok(await held! >= 14, `the service had ${await held!} parts of 20`);
  assert.equal(await parts(bench.bucket), 0);
});

Deno.test("s3 keeps what was there when a transfer breaks off, and leaves no parts", async () => {
  await using bench = await open();
  await bench.storage.writeBytes("image", new TextEncoder().encode("old"));
  const broken = image(20, () => {
    throw new Error("the cable came off");
  });
  await assert.rejects(bench.storage.writeFromPath("image", broken), /the cable came off/);
  assert.equal(new TextDecoder().decode(await bench.storage.readBytes("image")), "old");
  assert.equal(await parts(bench.bucket), 0);
});

Deno.test("s3 gives up what a client leaves open", async () => {
  await using bench = await open();
  const storage = { type: types.opendal, config: { scheme: "s3", kwargs: bench.kwargs } };
  {
    await using board = await serve({ storage }, { storage: OpendalClient });
    const file = await board.storage.open("left", "wb");
    await file.writeFrom(image(20));
    assert.notEqual(await parts(bench.bucket), 0);
  }
  assert.equal(await bench.storage.exists("left"), false);
  assert.equal(await parts(bench.bucket), 0);
});

Deno.test("s3 is no mixture when a file changes while it is read", async () => {
  await using bench = await open();
  const store = await openStore({ scheme: "s3", kwargs: bench.kwargs });
  await bench.storage.writeBytes("image", new TextEncoder().encode("the old image"));
  const file = await store.open("image", "rb");
  await bench.storage.writeBytes("image", new TextEncoder().encode("the new image"));
  await file.seek(4, Deno.SeekMode.Start);
  const changed = /PreconditionFailed.*the file has changed since it was opened$/;
  await assert.rejects(file.read(new Uint8Array(10)), changed);
});

Deno.test("s3 copies, renames and deletes, more than a page of it", async () => {
  await using bench = await open({ root: "/a root/" });
  const { storage } = bench;
  await storage.writeBytes("a", new TextEncoder().encode("hi"));
  await storage.copy("a", "x/b");
  await storage.rename("a", "x/c");
  assert.equal(await storage.exists("a"), false);
  assert.deepEqual((await Array.fromAsync(storage.list("x/"))).sort(), ["x/b", "x/c"]);
  await assert.rejects(storage.copy("x/b", "./x/b"), /source and target are the same$/);
  await assert.rejects(storage.rename("nope", "y"), /s3: cannot rename "nope": there is no such/);
  await assert.rejects(storage.rename("x/", "y/"), /"x\/" is the name of a folder$/);
  const many = `${bench.bucket}/a root/many`;
  await Deno.mkdir(many, { recursive: true });
  const names = Array.from({ length: 1_003 }, (_, index) => `many/${index}`);
  await Promise.all(names.map((name) => Deno.writeTextFile(`${bench.bucket}/a root/${name}`, "")));
  assert.equal((await Array.fromAsync(storage.scan("many/"))).length, names.length);
  await storage.removeAll("many");
  assert.deepEqual(await Array.fromAsync(storage.scan("many/")), []);
  assert.equal(await storage.exists("x/b"), true);
});

Deno.test("s3 takes an image from our exporter by a presigned request", async () => {
  await using bench = await open();
  const { storage } = bench;
  const { sha256 } = await storage.writeFromPath("here", image(20));
  await storage.readIntoPath("here", await storage.presignWrite("there", 60));
  assert.equal(await storage.hash("there"), sha256);
  await assert.rejects(storage.presignRead("here", 0), /good for 1 to 604800 s, not for 0$/);
  await assert.rejects(storage.presignRead("x/", 60), /"x\/" is the name of a folder$/);
});

Deno.test("s3 says what is wrong with the keys or the bucket, and shows no secret", async () => {
  const wrong: readonly [Record<string, string>, RegExp][] = [
    [{ secret_access_key: "hush-hush" }, /SignatureDoesNotMatch: .*; look at secret_access_key/],
    [{ access_key_id: "nobody", secret_access_key: "hush-hush" }, /access key/],
    [{ bucket: "elsewhere" }, /NoSuchBucket: /],
  ];
  for (const [changes, message] of wrong) {
    await using bench = await open(changes);
    await assert.rejects(Array.fromAsync(bench.storage.list("/")), (error: Error) => {
      assert.match(error.message, /^.*s3: cannot list "\/": the service answers /);
      assert.match(error.message, message);
      return !error.message.includes("hush-hush");
    });
    await assert.rejects(bench.storage.writeBytes("x", new Uint8Array(1)));
  }
});
