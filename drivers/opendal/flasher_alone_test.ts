import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { serve } from "@jumpstarter/exporter/testing";
import { CONTENT_ENCODINGS, type ContentEncoding } from "@jumpstarter/lib/driver";
import { concat } from "@jumpstarter/lib/streams";
import { FlasherClient } from "./client.ts";

const entries = { flasher: { type: "jumpstarter_driver_opendal.driver.MockFlasher" } };
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
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

Deno.test("FlasherClient takes blobs, streams and partitions [drivers 9.1.14]", async () => {
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
    message: "flasher does not hold what was written: " +
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

Deno.test("of two flashes of one place at a time, the second is refused", async () => {
  await using board = await open();
  const begun = Promise.withResolvers<void>();
  const rest = Promise.withResolvers<Uint8Array>();
  const slow = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(10)),
    async pull(controller) {
      begun.resolve();
      controller.enqueue(await rest.promise);
      controller.close();
    },
  }, { highWaterMark: 0 });
  const first = board.flasher.flash(slow, { target: "boot" });
  await begun.promise;
  await assert.rejects(board.flasher.flash(new Blob(["x"]), { target: "boot" }), {
    code: "driver",
    message: 'flash: "boot" is being written already; wait until that is done',
  });
  await board.flasher.flash(new Blob(["x"]), { target: "system" });
  rest.resolve(new Uint8Array(10));
  assert.equal((await first).bytes, 20);
  await board.flasher.flash(new Blob(["x"]), { target: "boot", verify: true });
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

Deno.test("an image that the exporter is told not to unpack is refused, not stored as it is [drivers 9.1.10]", async () => {
  await using board = await open();
  Deno.env.set("JMP_DISABLE_COMPRESSION", "1");
  const flashing = board.flasher.flash(new Blob(["x"]), { encoding: "xz" });
  await flashing.catch(() => {}).finally(() => Deno.env.delete("JMP_DISABLE_COMPRESSION"));
  await assert.rejects(flashing, {
    code: "not_implemented",
    message: "this exporter neither reads nor writes xz; use the image uncompressed",
  });
});

for (const encoding of CONTENT_ENCODINGS) {
  Deno.test(`a ${encoding} image is flashed plain, and a dump to ${encoding} is whole`, async () => {
    await using board = await open();
    const { flasher } = board;
    const plain = new Uint8Array(300_000).map((_, index) => index >> 8);
    const content = async (how: { encoding?: ContentEncoding } = {}) => {
      const parts: Uint8Array[] = [];
      await flasher.dump(new WritableStream({ write: (part) => void parts.push(part) }), how);
      return concat(parts);
    };
    await flasher.flash(new Blob([plain]));
    const archive = await content({ encoding });
    assert.ok(archive.length < 30_000);
    await flasher.flash(new Blob(["other"]));
    await flasher.flash(new Blob([archive]), { encoding });
    assert.deepEqual(await content(), plain);
    const corrupt = {
      "cut off": archive.subarray(0, -9),
      "with garbage in it": archive.with(archive.length >> 1, archive[archive.length >> 1]! ^ 0x55),
      "with garbage after it": concat([archive, new Uint8Array(100).fill(7)]),
      "of another kind": new TextEncoder().encode("this is no archive at all, is it"),
      "of nothing": new Uint8Array(0),
    };
    for (const [fault, bytes] of Object.entries(corrupt)) {
      await assert.rejects(
        flasher.flash(new Blob([bytes]), { encoding }),
        { message: `flash: the ${encoding} data is cut off, corrupt, or not ${encoding} at all` },
        fault,
      );
      assert.deepEqual(await content(), plain, "the old image stays");
    }
  });
}

/** A web server with one image, which keeps what is sent to it. */
function webServer() {
  const uploads: Record<string, string> = {};
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "PUT" && pathname !== "/full") {
      uploads[pathname] = await request.text();
      return new Response(null, { status: 201 });
    }
    return pathname === "/image" ? new Response("from the web") : new Response("", { status: 404 });
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    uploads,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("an image behind a URL is fetched by the exporter [drivers 9.1.8]", async () => {
  await using board = await open();
  await using server = webServer();
  const { flasher } = board;
  const fetched = await flasher.flash(`${server.origin}/image?signature=s`);
  assert.deepEqual(fetched, { bytes: 0, sha256: "" });
  await flasher.flash({ boot: new URL(`${server.origin}/image`), system: new Blob(["sent"]) });
  const parts: string[] = [];
  const sink = () =>
    new WritableStream<Uint8Array>({ write: (part) => void parts.push(decode(part)) });
  await flasher.dump(sink());
  await flasher.dump(sink(), { target: "boot" });
  await flasher.dump(sink(), { target: "system" });
  assert.deepEqual(parts, ["from the web", "from the web", "sent"]);
  const missing = flasher.flash(`${server.origin}/nope?signature=s`);
  await assert.rejects(missing, /\/nope\?\[REDACTED\] failed: the server answers 404/);
  await flasher.flash(new Blob(["new"]), { verify: true });
});

Deno.test("a dump to a URL is sent by the exporter", async () => {
  await using board = await open();
  await using server = webServer();
  await board.flasher.flash(new Blob(["an image"]));
  await board.flasher.dump(new URL(`${server.origin}/copy`));
  await board.flasher.dump(`${server.origin}/other`);
  assert.deepEqual(server.uploads, { "/copy": "an image", "/other": "an image" });
  await assert.rejects(board.flasher.dump(`${server.origin}/full`), /\/full failed: the server/);
  const nothing = board.flasher.dump(`${server.origin}/nothing`, { target: "nope" });
  await assert.rejects(nothing, /nothing was flashed to "nope"/);
  assert.equal("/nothing" in server.uploads, false);
});

Deno.test("a flash from a URL says what it ignores, and refuses what it cannot do", async () => {
  await using board = await open();
  await using server = webServer();
  const url = `${server.origin}/image`;
  const notes: string[] = [];
  const onNote = (text: string) => void notes.push(text);
  await board.flasher.flash(url, { encoding: "gzip", onNote });
  assert.match(notes.join(), /^compression "gzip" is ignored/);
  await assert.rejects(board.flasher.flash(url, { verify: true }), {
    code: "usage",
    message: /^an image behind a URL cannot be verified/,
  });
});

Deno.test("a cancelled flash from a URL leaves the device free", async () => {
  await using board = await open();
  const fetching = Promise.withResolvers<void>();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            controller.enqueue(new Uint8Array(10));
            fetching.resolve();
            return new Promise(() => {});
          },
        }),
      ),
  );
  const stop = new AbortController();
  const flashing = board.flasher.flash(`http://127.0.0.1:${server.addr.port}/`, {
    signal: stop.signal,
  });
  await fetching.promise;
  stop.abort();
  await assert.rejects(flashing);
  await board.flasher.flash(new Blob(["new"]), { verify: true });
});
