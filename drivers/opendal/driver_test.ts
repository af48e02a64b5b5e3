import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { serve } from "@jumpstarter/exporter/testing";
import type { Board } from "@jumpstarter/lib/client";
import { ConnectionError } from "@jumpstarter/lib/errors";
import { OpendalClient } from "./client.ts";

const type = "jumpstarter_driver_opendal.driver.Opendal";

interface Bench extends AsyncDisposable {
  root: string;
  storage: OpendalClient;
}

async function open(config: Record<string, unknown> = {}): Promise<Bench> {
  const root = await Deno.makeTempDir();
  const board: Board<{ storage: typeof OpendalClient }> = await serve(
    { storage: { type, config: { scheme: "fs", kwargs: { root }, ...config } } },
    { storage: OpendalClient },
  );
  return {
    root,
    storage: board.storage,
    async [Symbol.asyncDispose]() {
      await board[Symbol.asyncDispose]();
      await Deno.remove(root, { recursive: true });
    },
  };
}

const text = (content: string) => new TextEncoder().encode(content);

async function all(items: AsyncIterable<string>): Promise<string[]> {
  return (await Array.fromAsync(items)).sort();
}

Deno.test("Opendal writes and reads back 10 MiB, and knows their hash", async () => {
  await using bench = await open();
  const bytes = new Uint8Array(10 * 1024 * 1024).map((_, index) => index * 7919);
  await bench.storage.writeBytes("image", bytes);
  assert.deepEqual(await bench.storage.readBytes("image"), bytes);
  const hash = (name: string) => createHash(name).update(bytes).digest("hex");
  assert.equal(await bench.storage.hash("image"), hash("sha256"));
  assert.equal(await bench.storage.hash("image", "md5"), hash("md5"));
});

Deno.test("Opendal's open files seek, tell and know how they were opened", async () => {
  await using bench = await open();
  await bench.storage.writeBytes("file", text("0123456789"));
  const file = await bench.storage.open("file", "rb");
  assert.deepEqual(
    [await file.isReadable(), await file.isSeekable(), await file.isWritable()],
    [true, true, false],
  );
  assert.equal(await file.seek(-3, "end"), 7);
  assert.equal(await file.tell(), 7);
  const parts: Uint8Array[] = [];
  await file.readInto(new WritableStream({ write: (part) => void parts.push(part) }));
  assert.deepEqual(parts, [text("789")]);
  await file.seek(8);
  assert.deepEqual(await file.readBytes(), text("89"));
  await assert.rejects(file.writeFrom(new Blob(["x"])), /open for reading only/);
  await assert.rejects(file.seek(-1), /cannot seek in "file": Invalid argument/);
  assert.equal(await file.isClosed(), false);
  await file.close();
  assert.equal(await file.isClosed(), true);
  await assert.rejects(file.tell(), /is closed/);
  await assert.rejects(bench.storage.call("file_tell", "nope"), /no file is open as "nope"/);
});

Deno.test("Opendal tells of files and folders as clients want it [drivers 9.1.5]", async () => {
  await using bench = await open();
  await bench.storage.createDir("dir/sub/");
  await bench.storage.writeBytes("dir/file", text("hi"));
  const nothing = {
    content_disposition: null,
    content_md5: null,
    content_type: null,
    etag: null,
  };
  assert.deepEqual(await bench.storage.stat("/dir/file"), {
    ...nothing,
    content_length: 2,
    mode: { entry_is_file: true, entry_is_dir: false },
  });
  const { mode } = await bench.storage.stat("dir/");
  assert.deepEqual(mode, { entry_is_file: false, entry_is_dir: true });
  assert.equal(await bench.storage.exists("dir/"), true);
  assert.equal(await bench.storage.exists("nope"), false);
  await assert.rejects(bench.storage.stat("nope"), /cannot stat "nope": No such file/);
  assert.equal(await bench.storage.exists("dir/file/"), false);
  assert.equal(await bench.storage.exists("dir/file/x"), false);
  await assert.rejects(bench.storage.stat("dir/file/"), /it is a file, not a folder$/);
  await assert.rejects(bench.storage.stat("dir/file/x"), /"dir\/file\/x": Not a directory$/);
  await assert.rejects(bench.storage.exists("a\0b"), /cannot stat "a\0b": .* NUL byte$/);
  await assert.rejects(bench.storage.readBytes("dir"), /cannot open "dir": it is a folder$/);
  await assert.rejects(bench.storage.open("new/", "wb"), /that is the name of a folder$/);
  assert.equal((await bench.storage.capability()).presign_read, false);
  assert.equal(Object.keys(await bench.storage.capability()).length, 33);
});

Deno.test("Opendal lists a folder with itself, and scans what is below", async () => {
  await using bench = await open();
  await bench.storage.writeBytes("f", text(""));
  await bench.storage.writeBytes("d/g", text(""));
  await bench.storage.createDir("d/e/");
  assert.deepEqual(await all(bench.storage.list("/")), ["/", "d/", "f"]);
  assert.deepEqual(await all(bench.storage.list("d/")), ["d/", "d/e/", "d/g"]);
  assert.deepEqual(await all(bench.storage.list("d")), ["d/"]);
  assert.deepEqual(await all(bench.storage.scan("/")), ["/", "d/", "d/e/", "d/g", "f"]);
  assert.deepEqual(await all(bench.storage.list("nope/")), []);
});

Deno.test("Opendal copies, renames and deletes, and knows what was created", async () => {
  await using bench = await open();
  const { storage } = bench;
  await storage.writeBytes("a", text("hi"));
  await storage.copy("a", "x/b");
  await storage.rename("a", "c");
  await storage.call("register_path", "./known/");
  assert.deepEqual(await storage.getCreatedResources(), ["c", "known", "x/b"]);
  await assert.rejects(storage.copy("c", "./c"), /cannot copy "c": source and target are the same/);
  await assert.rejects(storage.rename("c", "c"), /source and target are the same/);
  await assert.rejects(storage.copy("c", "d/"), /"d\/" is the name of a folder/);
  await assert.rejects(storage.rename("nope", "d"), /cannot rename "nope": No such file/);
  await storage.rename("x/", "y/");
  assert.deepEqual(await storage.getCreatedResources(), ["c", "known", "y"]);
  await storage.rename("y/b", "x/b");
  await storage.delete("y/");
  await storage.delete("c");
  await storage.delete("nope");
  await storage.delete("x/b/nope");
  await storage.removeAll("x/");
  assert.deepEqual(await storage.getCreatedResources(), ["known"]);
  assert.deepEqual([...Deno.readDirSync(bench.root)], []);
});

Deno.test("Opendal deletes at the end what clients created, when it is told to", async () => {
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(`${root}/old`, "stays");
  {
    const config = { scheme: "fs", kwargs: { root }, remove_created_on_close: true };
    await using board = await serve({ storage: { type, config } }, { storage: OpendalClient });
    await board.storage.createDir("new/");
    await board.storage.writeBytes("new/file", text("goes"));
  }
  assert.deepEqual([...Deno.readDirSync(root)].map(({ name }) => name), ["old"]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("Opendal leaves what was there when the new image cannot be read", async () => {
  await using bench = await open();
  await bench.storage.writeBytes("image", text("old"));
  const sending = bench.storage.writeFromPath("image", `${bench.root}/nowhere`);
  await assert.rejects(sending, { code: "usage", message: /there is no such file/ });
  assert.deepEqual(await bench.storage.readBytes("image"), text("old"));
});

Deno.test("Opendal has the exporter fetch what is behind a URL or a request", async () => {
  await using bench = await open();
  await using web = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      if (request.method === "PUT") received.push(await request.text());
      return new Response(`for ${request.headers.get("x-who")}`);
    },
  );
  const received: string[] = [];
  const url = `http://127.0.0.1:${web.addr.port}/image`;
  await bench.storage.writeFromPath("url", new URL(url));
  assert.deepEqual(await bench.storage.readBytes("url"), text("for null"));
  const request = { url, method: "GET", headers: { "x-who": "us" } };
  await bench.storage.writeFromPath("request", request);
  assert.deepEqual(await bench.storage.readBytes("request"), text("for us"));
  await bench.storage.readIntoPath("request", { ...request, method: "PUT" });
  await bench.storage.readIntoPath("url", url);
  assert.deepEqual(received, ["for us", "for null"]);
  const wrong = bench.storage.writeFromPath("request", { ...request, method: "HEAD" });
  await assert.rejects(wrong, { code: "usage", message: /method HEAD does not do; GET does/ });
});

Deno.test("Opendal reaches nothing outside its root", async () => {
  await using bench = await open();
  await Deno.symlink("/etc", `${bench.root}/link`);
  await Deno.symlink("/nonexistent/file", `${bench.root}/dangling`);
  for (const path of ["../x", "a/../../x", "link/passwd", "dangling", "..\\x"]) {
    await assert.rejects(bench.storage.stat(path), /outside the storage's root/, path);
    await assert.rejects(bench.storage.open(path, "wb"), /outside the storage's root/, path);
  }
});

Deno.test("Opendal refuses arguments of wrong types, and takes numbers written as text [drivers 9.1.4]", async () => {
  await using bench = await open();
  await bench.storage.writeBytes("file", text("0123"));
  const invalid = { code: "invalid_argument" };
  await assert.rejects(bench.storage.call("hash", "file", null), invalid);
  await assert.rejects(bench.storage.call("hash", "file", "sha1"), invalid);
  await assert.rejects(bench.storage.call("open", "file", "r+"), invalid);
  await assert.rejects(bench.storage.call("stat"), invalid);
  await assert.rejects(bench.storage.call("presign_read", "file", 60), { code: "not_implemented" });
  const file = await bench.storage.open("file", "rb");
  for (const two of [2, "2", " +2.0 ", "0_2"]) {
    assert.equal(await bench.storage.call("file_seek", file.fd, two), 2);
  }
  for (const none of [2.5, "2.5", "1e3", "", null, [2]]) {
    await assert.rejects(bench.storage.call("file_seek", file.fd, none), /is no whole number/);
  }
});

Deno.test({
  name: "Opendal names the file when the disk is full",
  ignore: Deno.build.os !== "linux", // elsewhere there is no /dev/full
  async fn() {
    await using bench = await open({ kwargs: { root: "/dev" } });
    const writing = bench.storage.writeBytes("full", text("x"));
    await assert.rejects(writing, /cannot write "full": No space left on device$/);
  },
});

Deno.test("a transfer whose exporter goes away fails with that alone", async () => {
  const gone = new ConnectionError("the exporter went away");
  const lost = () => Promise.reject(gone);
  const storage = new OpendalClient({
    connection: {
      call: (_, method) => method === "open" ? Promise.resolve("1") : lost(),
      streamingCall: () => assert.fail(),
      stream: lost,
      openResource: lost,
    },
    uuid: "0",
    name: "files",
    labels: {},
    description: undefined,
    methodsDescription: {},
    children: new Map(),
  });
  await assert.rejects(storage.readBytes("image"), (error) => error === gone);
});
