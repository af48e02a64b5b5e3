import assert from "node:assert/strict";
import { SocketDir } from "./socket_dir.ts";

/** Runs a test with another `XDG_RUNTIME_DIR`. */
async function withRuntimeDir(dir: string, test: () => Promise<void>): Promise<void> {
  const before = Deno.env.get("XDG_RUNTIME_DIR");
  Deno.env.set("XDG_RUNTIME_DIR", dir);
  try {
    await test();
  } finally {
    if (before === undefined) Deno.env.delete("XDG_RUNTIME_DIR");
    else Deno.env.set("XDG_RUNTIME_DIR", before);
  }
}

Deno.test("SocketDir is a private folder in the runtime folder, and goes with all that is in it", async () => {
  const runtime = await Deno.makeTempDir();
  await withRuntimeDir(runtime, async () => {
    const dir = await SocketDir.make();
    assert.match(dir.path, new RegExp(`^${runtime}/jumpstarter-`));
    assert.equal((await Deno.stat(dir.path)).mode! & 0o777, 0o700);
    await Deno.writeTextFile(dir.file("socket"), "");
    await dir[Symbol.asyncDispose]();
    assert.deepEqual([...Deno.readDirSync(runtime)], []);
    await dir[Symbol.asyncDispose]();
  });
  await Deno.remove(runtime);
});

for (const dir of ["/nonexistent/runtime", "relative", ""]) {
  Deno.test(`SocketDir does without a runtime folder named "${dir}"`, async () => {
    await withRuntimeDir(dir, async () => {
      await using made = await SocketDir.make();
      assert.equal((await Deno.stat(made.path)).isDirectory, true);
    });
  });
}
