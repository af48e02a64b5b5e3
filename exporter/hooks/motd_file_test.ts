import assert from "node:assert/strict";
import { MotdFile } from "./motd_file.ts";

/** Lets a test do something to a new file, then reads it; the file is gone afterwards. */
async function readAfter(change: (path: string) => Promise<unknown>): Promise<string> {
  const file = await MotdFile.create();
  try {
    await change(file.path);
    return await file.read();
  } finally {
    await file.delete();
    await assert.rejects(Deno.lstat(file.path), Deno.errors.NotFound);
  }
}

async function makeFifo(path: string): Promise<void> {
  await Deno.remove(path);
  await new Deno.Command("mkfifo", { args: [path] }).output();
}

Deno.test("the message is what the file holds, without white space around it", async () => {
  assert.equal(
    await readAfter((path) => Deno.writeTextFile(path, "\n two\nlines \n\n")),
    "two\nlines",
  );
  assert.equal(await readAfter(async () => {}), "");
});

Deno.test("only this user can read the file", async () => {
  await readAfter(async (path) => assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600));
});

Deno.test("64 KiB of a larger file count, without half a character", async () => {
  const message = await readAfter((path) => Deno.writeTextFile(path, "x" + "é".repeat(65_536)));
  assert.equal(message, "x" + "é".repeat(32_767));
});

Deno.test("a named pipe, a folder and a deleted file are refused, and nothing waits", async () => {
  await assert.rejects(readAfter(makeFifo), {
    code: "motd",
    message: "cannot read JMP_MOTD_FILE: it is not a regular file",
  });
  await assert.rejects(
    readAfter(async (path) => {
      await Deno.remove(path);
      await Deno.mkdir(path);
    }),
    /it is not a regular file/,
  );
  await assert.rejects(readAfter((path) => Deno.remove(path)), {
    message: "cannot read JMP_MOTD_FILE: no such file or directory",
  });
});
