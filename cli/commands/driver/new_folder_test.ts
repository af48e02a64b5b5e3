import assert from "node:assert/strict";
import { newFolder } from "./new_folder.ts";

Deno.test("a new folder has its files, and nothing stands beside it", async () => {
  const dir = await Deno.makeTempDir();
  await newFolder(`${dir}/fan`, { "a.ts": "a", "b.md": "b" });
  assert.equal(await Deno.readTextFile(`${dir}/fan/a.ts`), "a");
  assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["fan"]);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a new folder that cannot be written whole is not there at all", async () => {
  const dir = await Deno.makeTempDir();
  const files = { "a.ts": "a", "no/such/folder.ts": "b" };
  await assert.rejects(newFolder(`${dir}/fan`, files), /there is no folder|cannot make/);
  assert.deepEqual([...Deno.readDirSync(dir)], []);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("what is there already is left alone, whatever it is", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/folder`);
  await Deno.writeTextFile(`${dir}/file`, "mine");
  await Deno.symlink("nowhere", `${dir}/link`);
  for (const name of ["folder", "file", "link"]) {
    await assert.rejects(newFolder(`${dir}/${name}`, { a: "a" }), {
      name: "UsageError",
      message: `${dir}/${name} is there already; choose another name`,
    });
  }
  assert.equal([...Deno.readDirSync(dir)].length, 3);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a folder that is to hold the new one must be there", async () => {
  await assert.rejects(newFolder("/nonexistent/fan", {}), {
    name: "UsageError",
    message: "there is no folder /nonexistent; make it, or give another by --dir",
  });
  await assert.rejects(newFolder("/dev/null/fan", {}), {
    message: /^cannot make \/dev\/null\/fan: Not a directory/,
  });
});
