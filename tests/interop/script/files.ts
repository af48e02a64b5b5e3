import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fsCapability } from "../../../drivers/opendal/capability.ts";
import type { checks as all } from "../checks.ts";
import { bytes, type Check, given, memory, random, text } from "./board.ts";

const hash = (algorithm: "md5" | "sha256", data: Uint8Array) =>
  createHash(algorithm).update(data).digest("hex");
const sorted = async (items: AsyncIterable<string>) => (await Array.fromAsync(items)).sort();

export const checks: Record<(typeof all)["files"][number], Check> = {
  async "10 MiB go there and back"({ files }) {
    const data = random();
    await files.writeBytes("big", data);
    assert.deepEqual(await files.readBytes("big"), data);
    assert.equal(await files.hash("big"), hash("sha256", data));
  },
  async "a file on the client goes there and back"({ files }) {
    const data = random();
    const [source, back] = [`${given("DIR")}/source`, `${given("DIR")}/back`];
    await Deno.writeFile(source, data);
    await files.writeFromPath("sent", source);
    await files.readIntoPath("sent", back);
    assert.deepEqual(await Deno.readFile(back), data);
  },
  async "the exporter fetches a URL"({ files }) {
    await files.writeFromPath("fetched", given("URL"));
    assert.equal(text(await files.readBytes("fetched")), "an image behind a URL");
  },
  async "a file is written in pieces, and read from where it is"({ files }) {
    {
      await using file = await files.open("pieces", "wb");
      await file.writeFrom(new Blob(["first"]));
      await file.writeFrom(new Blob(["-second"]));
    }
    await using file = await files.open("pieces", "rb");
    await file.seek(3);
    const [rest, nothing] = [memory(), memory()];
    await file.readInto(rest.sink);
    await file.readInto(nothing.sink);
    assert.equal(text(rest.content()), "st-second");
    assert.equal(nothing.content().length, 0);
  },
  async "seek() and tell() count from the start, from here and from the end"({ files }) {
    await files.writeBytes("digits", bytes("0123456789"));
    await using file = await files.open("digits", "rb");
    assert.equal(await file.tell(), 0);
    assert.deepEqual([await file.seek(7), await file.tell()], [7, 7]);
    assert.deepEqual([await file.seek(-4, "current"), await file.tell()], [3, 3]);
    assert.deepEqual([await file.seek(-2, "end"), await file.tell()], [8, 8]);
    const { sink, content } = memory();
    await file.readInto(sink);
    assert.equal(text(content()), "89");
    assert.equal(await file.tell(), 10);
  },
  async "a file says what it can do, and whether it is closed"({ files }) {
    await files.writeBytes("open", bytes("1"));
    for (const mode of ["rb", "wb"] as const) {
      const file = await files.open("open", mode);
      const isRead = mode === "rb";
      assert.equal(await file.isReadable(), isRead);
      assert.equal(await file.isSeekable(), isRead);
      assert.equal(await file.isWritable(), !isRead);
      assert.equal(await file.isClosed(), false);
      await file.close();
      assert.equal(await file.isClosed(), true);
    }
  },
  async "stat() tells files from folders"({ files }) {
    await files.writeBytes("known/abc", bytes("abc"));
    const { content_length, mode, ...unknown } = await files.stat("known/abc");
    assert.deepEqual([content_length, mode], [3, { entry_is_file: true, entry_is_dir: false }]);
    assert.deepEqual(unknown, {
      content_disposition: null,
      content_md5: null,
      content_type: null,
      etag: null,
    });
    const folder = await files.stat("known/");
    assert.deepEqual(folder.mode, { entry_is_file: false, entry_is_dir: true });
  },
  async "hash() knows md5 and sha256"({ files }) {
    await files.writeBytes("abc", bytes("abc"));
    assert.equal(await files.hash("abc", "md5"), hash("md5", bytes("abc")));
    assert.equal(await files.hash("abc", "sha256"), hash("sha256", bytes("abc")));
    assert.equal(await files.hash("abc"), hash("sha256", bytes("abc")));
  },
  async "copy(), rename(), delete(), exists()"({ files }) {
    await files.writeBytes("a", bytes("1"));
    await files.copy("a", "b");
    await files.rename("b", "c");
    await files.delete("a");
    await files.delete("never there");
    const seen = await Promise.all(["a", "b", "c"].map((path) => files.exists(path)));
    assert.deepEqual(seen, [false, false, true]);
    assert.equal(text(await files.readBytes("c")), "1");
  },
  async "create_dir() and remove_all()"({ files }) {
    await files.createDir("dir/sub/");
    await files.createDir("dir/sub/");
    await files.writeBytes("dir/sub/file", bytes("1"));
    assert.equal(await files.exists("dir/") && await files.exists("dir/sub/"), true);
    await files.removeAll("dir/");
    assert.equal(await files.exists("dir/"), false);
  },
  async "list() stays in the folder, scan() goes below"({ files }) {
    await files.writeBytes("tree/x", bytes("1"));
    await files.writeBytes("tree/deep/y", bytes("1"));
    const direct = ["tree/", "tree/deep/", "tree/x"];
    assert.deepEqual(await sorted(files.list("tree/")), direct);
    assert.deepEqual(await sorted(files.scan("tree/")), [...direct, "tree/deep/y"].sort());
    assert.ok((await sorted(files.list("/"))).includes("/"));
  },
  async "capability() has every key"({ files }) {
    const able = await files.capability();
    assert.deepEqual(Object.keys(able).sort(), Object.keys(fsCapability).sort());
    for (const name of ["read", "write", "list", "copy", "rename", "create_dir"]) {
      assert.equal(able[name], true, name);
    }
    assert.deepEqual([able.presign, able.presign_read], [false, false]);
  },
  async "presign_stat(), presign_read() and presign_write() are refused"({ files }) {
    await files.writeBytes("abc", bytes("abc"));
    await assert.rejects(files.presignStat("abc", 60), /presign/);
    await assert.rejects(files.presignRead("abc", 60), /presign/);
    await assert.rejects(files.presignWrite("abc", 60), /presign/);
  },
  async "created resources are counted, and registered ones"({ files }) {
    await files.writeBytes("made", bytes("1"));
    await files.createDir("folder/");
    await files.writeBytes("gone", bytes("1"));
    await files.delete("gone");
    assert.equal(await files.call("register_path", "registered/"), null);
    const made = new Set(await files.getCreatedResources());
    assert.ok(new Set(["made", "folder", "registered"]).isSubsetOf(made), [...made].join(" "));
    assert.ok(!made.has("gone"), [...made].join(" "));
  },
};
