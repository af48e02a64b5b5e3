import assert from "node:assert/strict";
import { writeAtomically } from "./atomic_file.ts";

Deno.test("writeAtomically() replaces a file, whatever its mode was, and leaves only that", async () => {
  const dir = await Deno.makeTempDir();
  const path = `${dir}/new/a.yaml`;
  await Deno.mkdir(`${dir}/new`);
  await Deno.writeTextFile(path, "before", { mode: 0o644 });
  await writeAtomically(path, "after");
  assert.equal(await Deno.readTextFile(path), "after");
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  await writeAtomically(path, "for all", 0o644);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o644);
  assert.deepEqual([...Deno.readDirSync(`${dir}/new`)].map(({ name }) => name), ["a.yaml"]);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("writeAtomically() leaves nothing behind when it fails, and names the file", async () => {
  const dir = await Deno.makeTempDir();
  const path = `${dir}/a.yaml`;
  await Deno.mkdir(`${path}/full`, { recursive: true });
  await assert.rejects(writeAtomically(path, "text"), (error: Error) => {
    assert.equal(error.name, "ConfigError");
    assert.ok(error.message.startsWith(`${path} cannot be written: `));
    return true;
  });
  assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["a.yaml"]);
  await Deno.remove(dir, { recursive: true });
});
