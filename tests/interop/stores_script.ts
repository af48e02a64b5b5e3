/** Checks the storages of the shell's exporter with our client; one line of JSON a check. */
import { OpendalClient } from "@jumpstarter/drivers/clients";
import { env } from "@jumpstarter/lib/client";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  fsCapability,
  memoryCapability,
  openHttpCapability,
  s3Capability,
} from "../../drivers/opendal/capability.ts";
import { within } from "../support/running.ts";
import { bytes, given, random, text } from "./script/board.ts";
import { DEADLINE } from "./script/groups.ts";
import { SERVED } from "./stores_bench.ts";

const shape = { memory: OpendalClient, bucket: OpendalClient, web: OpendalClient };
const board = await env(shape);
const { bucket, web } = board;
const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");
const sorted = async (items: AsyncIterable<string>) => (await Array.fromAsync(items)).sort();
const checks: Record<string, () => Promise<void>> = {};

for (const name of ["memory", "bucket"] as const) {
  const files = board[name];
  const on = (title: string, run: () => Promise<void>) => checks[`${name}: ${title}`] = run;

  on("10 MiB go there and back", async () => {
    const data = random();
    await files.writeBytes("big", data);
    assert.deepEqual(await files.readBytes("big"), data);
    assert.equal(await files.hash("big"), sha256(data));
  });
  on("the exporter fetches a URL", async () => {
    await files.writeFromPath("fetched", given("URL"));
    assert.equal(text(await files.readBytes("fetched")), SERVED);
  });
  on("a file is written in pieces, and read from where it is sent to", async () => {
    {
      await using file = await files.open("pieces", "wb");
      await file.writeBytes(bytes("first"));
      await file.writeBytes(bytes("-second"));
    }
    await using file = await files.open("pieces", "rb");
    assert.deepEqual([await file.seek(3), await file.tell()], [3, 3]);
    assert.equal(text(await file.readBytes()), "st-second");
    assert.deepEqual([await file.seek(-2, "end"), await file.tell()], [10, 10]);
    assert.equal(text(await file.readBytes()), "nd");
    assert.deepEqual([await file.isSeekable(), await file.isWritable()], [true, false]);
  });
  on("stat(), hash() and exists() know what is there", async () => {
    await files.writeBytes("known/abc", bytes("abc"));
    const { content_length, mode } = await files.stat("known/abc");
    assert.deepEqual([content_length, mode], [3, { entry_is_file: true, entry_is_dir: false }]);
    assert.equal((await files.stat("known/")).mode.entry_is_dir, true);
    const md5 = createHash("md5").update("abc").digest("hex");
    assert.equal(await files.hash("known/abc", "md5"), md5);
    const paths = ["known/abc", "known/", "known", "nope", "nope/"];
    const there = await Promise.all(paths.map((path) => files.exists(path)));
    assert.deepEqual(there, [true, true, false, false, false]);
    await assert.rejects(files.stat("nope"), /nope/);
  });
  on("list() stays in the folder, scan() goes below", async () => {
    await files.writeBytes("tree/x", bytes("1"));
    await files.writeBytes("tree/deep/y", bytes("1"));
    assert.deepEqual(await sorted(files.list("tree/")), ["tree/deep/", "tree/x"]);
    assert.deepEqual(await sorted(files.scan("tree/")), ["tree/deep/y", "tree/x"]);
    assert.deepEqual(await sorted(files.list("nowhere/")), []);
    assert.ok((await sorted(files.list("/"))).includes("tree/"));
  });
  on("create_dir(), delete() and remove_all()", async () => {
    await files.createDir("dir/sub/");
    await files.writeBytes("dir/sub/file", bytes("1"));
    await files.writeBytes("dir/other", bytes("1"));
    await files.delete("dir/other");
    await files.delete("never there");
    assert.deepEqual([await files.exists("dir/other"), await files.exists("dir/sub/")], [
      false,
      true,
    ]);
    await files.removeAll("dir/");
    assert.deepEqual(await sorted(files.scan("dir/")), []);
  });
  on("capability() has every key, and is that of OpenDAL but for copy and rename", async () => {
    const ours = name === "memory" ? memoryCapability : s3Capability;
    const [copy, rename] = [name === "bucket", false]; // OpenDAL's memory does neither
    assert.deepEqual(await files.capability(), { ...ours, copy, rename });
    assert.deepEqual(Object.keys(fsCapability).sort(), Object.keys(ours).sort());
  });
  on("created resources are counted", async () => {
    await files.writeBytes("made", bytes("1"));
    await files.writeBytes("gone", bytes("1"));
    await files.delete("gone");
    const made = await files.getCreatedResources();
    assert.ok(made.includes("made") && !made.includes("gone"), made.join(" "));
  });
}

Object.assign(checks, {
  async "bucket: copy()"() {
    await bucket.writeBytes("a", bytes("1"));
    await bucket.copy("a", "copies/of a");
    assert.equal(text(await bucket.readBytes("copies/of a")), "1");
  },
  async "bucket: names of all kinds are those that OpenDAL itself finds"() {
    const names = ["names/with space", "names/100%", "names/a+b", "names/é(1)!", "names/~x*'"];
    for (const name of names) await bucket.writeBytes(name, bytes(name));
    assert.deepEqual(await sorted(bucket.list("names/")), names.sort());
  },
  async "bucket: presigned requests are good for anybody"() {
    const path = "signed/with space";
    const put = await bucket.presignWrite(path, 60);
    assert.equal((await fetch(put.url, { ...put, body: "by anybody" })).status, 200);
    const get = await bucket.presignRead(path, 60);
    assert.equal(await (await fetch(get.url, get)).text(), "by anybody");
    const head = await bucket.presignStat(path, 60);
    assert.equal((await fetch(head.url, head)).headers.get("content-length"), "10");
    const forged = await fetch(get.url.replace("signed", "other"), get);
    await forged.body?.cancel();
    assert.equal(forged.status, 403);
  },
  async "bucket: an image goes from bucket to bucket by presigned requests"() {
    await bucket.writeBytes("from", bytes("an image"));
    await bucket.writeFromPath("to", await bucket.presignRead("from", 60));
    assert.equal(text(await bucket.readBytes("to")), "an image");
  },
  async "web: a file is read, and stat() and hash() know it"() {
    assert.equal(text(await web.readBytes("file")), SERVED);
    assert.equal(await web.hash("file"), sha256(SERVED));
    const { content_length, content_type } = await web.stat("file");
    assert.deepEqual([content_length, content_type], [SERVED.length, "text/plain"]);
    assert.equal(await web.exists("file"), true);
    await using file = await web.open("file", "rb");
    await file.seek(-3, "end");
    assert.equal(text(await file.readBytes()), "URL");
  },
  async "web: a redirect is followed"() {
    assert.equal(text(await web.readBytes("moved")), SERVED);
  },
  async "web: what is not there is told, what cannot be done is refused"() {
    assert.equal(await web.exists("nope"), false);
    await assert.rejects(web.stat("nope"));
    await assert.rejects(web.open("x", "wb"));
    await assert.rejects(Array.fromAsync(web.list("/")));
    await assert.rejects(web.delete("file"));
    await assert.rejects(web.presignWrite("x", 60));
  },
  async "web: capability() is that of OpenDAL"() {
    assert.deepEqual(await web.capability(), openHttpCapability);
  },
});

console.log(JSON.stringify({ group: "stores" }));
for (const [check, run] of Object.entries(checks)) {
  try {
    await within(DEADLINE, run());
    console.log(JSON.stringify({ check, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ check, ok: false, reason: (error as Error).stack }));
  }
}
await board[Symbol.asyncDispose]();
Deno.exit();
