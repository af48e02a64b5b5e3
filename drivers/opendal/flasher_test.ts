import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { serve } from "@jumpstarter/exporter/testing";
import { concat } from "@jumpstarter/lib/streams";
import { FlasherClient } from "./client.ts";

const entries = { flasher: { type: "jumpstarter_driver_opendal.driver.MockFlasher" } };
const open = () => serve(entries, { flasher: FlasherClient });

async function tempFile(content: Uint8Array): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, content);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

Deno.test("FlasherClient writes an image, verifies it and reads it back", async () => {
  await using board = await open();
  const image = new Uint8Array(10 * 1024 * 1024).map((_, index) => index * 7919);
  await using file = await tempFile(image);
  let told = 0;
  const sent = await board.flasher.flash(file.path, {
    verify: true,
    onProgress: (done, total) => {
      assert.equal(total, image.length);
      told = done;
    },
  });
  assert.equal(sent.bytes, image.length);
  assert.equal(told, image.length);
  await using copy = await tempFile(new Uint8Array(0));
  assert.deepEqual(await board.flasher.dump(copy.path), sent);
  assert.deepEqual(await Deno.readFile(copy.path), image);
});

Deno.test("FlasherClient takes blobs, streams and partitions", async () => {
  await using board = await open();
  await board.flasher.flash(new Blob(["one"]), { target: "a" });
  await board.flasher.flash(new Blob(["two"]).stream(), { target: "b", verify: true });
  const parts: string[] = [];
  const sink = () =>
    new WritableStream<Uint8Array>({
      write: (part) => void parts.push(new TextDecoder().decode(part)),
    });
  await board.flasher.dump(sink(), { target: "a" });
  await board.flasher.dump(sink(), { target: "b" });
  assert.deepEqual(parts, ["one", "two"]);
});

Deno.test("FlasherClient writes an image to each of several places", async () => {
  await using board = await open();
  const sent = await board.flasher.flash(
    { boot: new Blob(["one"]), system: new Blob(["three"]) },
    { verify: true },
  );
  assert.deepEqual([sent.boot?.bytes, sent.system?.bytes], [3, 5]);
  const { sha256 } = await board.flasher.dump(new WritableStream(), { target: "system" });
  assert.equal(sha256, sent.system?.sha256);
  // @ts-expect-error: a target beside targets is refused by the types as well
  const both = board.flasher.flash({ boot: "image" }, { target: "boot" });
  await assert.rejects(both, { code: "usage" });
});

/** Somebody else writes to the device before the image is read back. */
class Raced extends FlasherClient {
  override async invoke(...call: Parameters<FlasherClient["invoke"]>) {
    if (call[0] === "dump") await this.flash(new Blob(["other"]));
    return await super.invoke(...call);
  }
}

Deno.test("FlasherClient names both hashes when the device holds something else", async () => {
  await using board = await serve(entries, { flasher: Raced });
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  await assert.rejects(board.flasher.flash(new Blob(["sent"]), { verify: true }), {
    code: "driver",
    message: "the device does not hold what was written: " +
      `4 bytes with sha256 ${sha256("sent")} were sent, ` +
      `5 bytes with sha256 ${sha256("other")} read back; flash it again`,
  });
});

Deno.test("FlasherClient names an image that is not there, and what was never flashed", async () => {
  await using board = await open();
  await assert.rejects(board.flasher.flash("/nonexistent.img"), {
    code: "usage",
    message: "cannot read /nonexistent.img: there is no such file",
  });
  await assert.rejects(board.flasher.flash("/tmp"), /it is a folder, not an image/);
  await using dir = {
    path: await Deno.makeTempDir(),
    async [Symbol.asyncDispose]() {
      await Deno.remove(this.path, { recursive: true });
    },
  };
  await assert.rejects(board.flasher.dump(`${dir.path}/out`), /nothing was flashed to "default"/);
  assert.deepEqual([...Deno.readDirSync(dir.path)], [], "a dump that failed leaves no file");
});

Deno.test("an image that breaks off while it is read leaves the old one on the device", async () => {
  await using board = await open();
  await board.flasher.flash(new Blob(["old"]));
  let pulls = 0;
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulls++ < 3) controller.enqueue(new Uint8Array(1000));
      else controller.error(new Error("the disk is gone"));
    },
  });
  await assert.rejects(board.flasher.flash(broken), /reading stream failed: the disk is gone/);
  const parts: Uint8Array[] = [];
  await board.flasher.dump(new WritableStream({ write: (part) => void parts.push(part) }));
  assert.equal(new TextDecoder().decode(parts[0]), "old");
});

Deno.test("of two flashes at a time, one is there as a whole", async () => {
  await using board = await open();
  const images = [1, 2].map((value) => new Blob([new Uint8Array(1_000_000).fill(value)]));
  const sent = await Promise.all(images.map((image) => board.flasher.flash(image)));
  const { sha256 } = await board.flasher.dump(new WritableStream());
  assert.ok(sent.some((image) => image.sha256 === sha256));
});

Deno.test("a cancelled flash leaves the device free", async () => {
  await using board = await open();
  const stop = new AbortController();
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
  });
  const flashing = board.flasher.flash(endless, {
    signal: stop.signal,
    onProgress: (done) => done > 1_000_000 && stop.abort(),
  });
  await assert.rejects(flashing);
  await board.flasher.flash(new Blob(["new"]), { verify: true });
});

Deno.test("an image that the exporter is told not to unpack is refused, not stored as it is", async () => {
  await using board = await open();
  Deno.env.set("JMP_DISABLE_COMPRESSION", "1");
  const flashing = board.flasher.flash(new Blob(["x"]), { encoding: "xz" });
  await flashing.catch(() => {}).finally(() => Deno.env.delete("JMP_DISABLE_COMPRESSION"));
  await assert.rejects(flashing, {
    code: "not_implemented",
    message: "this exporter neither reads nor writes xz; use the image uncompressed",
  });
});

Deno.test("a gzip image is flashed plain, and a dump to gzip is whole", async () => {
  await using board = await open();
  const plain = new Uint8Array(3_000_000).map((_, index) => index >> 8);
  await board.flasher.flash(new Blob([gzipSync(plain)]), { encoding: "gzip" });
  const read = async (encoding?: "gzip") => {
    const parts: Uint8Array[] = [];
    await board.flasher.dump(new WritableStream({ write: (part) => void parts.push(part) }), {
      ...(encoding === undefined ? {} : { encoding }),
    });
    return concat(parts);
  };
  assert.deepEqual(await read(), plain);
  assert.deepEqual(new Uint8Array(gunzipSync(await read("gzip"))), plain);
  await assert.rejects(
    board.flasher.flash(new Blob(["no gzip"]), { encoding: "gzip" }),
    /cut off, corrupt, or not gzip/,
  );
  assert.deepEqual(await read(), plain);
});

Deno.test("an image behind a URL is fetched by the exporter", async () => {
  await using board = await open();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) =>
      url.endsWith("/image") ? new Response("from the web") : new Response("", { status: 404 }),
  );
  const { port } = server.addr;
  await board.flasher.flashUrl(`http://127.0.0.1:${port}/image`);
  const parts: Uint8Array[] = [];
  await board.flasher.dump(new WritableStream({ write: (part) => void parts.push(part) }));
  assert.equal(new TextDecoder().decode(concat(parts)), "from the web");
  await assert.rejects(
    board.flasher.flashUrl(`http://127.0.0.1:${port}/nope`),
    /the server answers 404/,
  );
  await server.shutdown();
});
