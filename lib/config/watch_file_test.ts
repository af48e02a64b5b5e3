import assert from "node:assert/strict";
import { tempDir } from "../../tests/support/programs.ts";
import { until, within } from "../../tests/support/running.ts";
import { fileChanges } from "./watch_file.ts";

/** Changes of a file in a folder of its own, one at a time. */
async function watched(path = "bench.yaml") {
  const { path: dir, ...folder } = await tempDir();
  const file = `${dir}/${path}`;
  await Deno.writeTextFile(`${dir}/bench.yaml`, "1");
  const stop = new AbortController();
  const changes = fileChanges(file, stop.signal);
  let next = changes.next();
  return {
    dir,
    file,
    stop: () => stop.abort(),
    /** Resolves with the next change. */
    async changed() {
      const { done } = await within(5_000, next);
      if (done !== true) next = changes.next();
      return done !== true;
    },
    /** Whether there is a change that nobody has asked for. */
    async hasChanged() {
      const none = new Promise<false>((resolve) => setTimeout(() => resolve(false), 400));
      return await Promise.race([next.then(({ done }) => done !== true), none]);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await next;
      await folder[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a file that is written in several steps has changed once", async () => {
  await using there = await watched();
  for (const text of ["2", "23", "234"]) await Deno.writeTextFile(there.file, text);
  assert.ok(await there.changed());
  assert.equal(await there.hasChanged(), false);
});

Deno.test("a file that another one replaces has changed, again and again", async () => {
  await using there = await watched();
  for (const text of ["2", "3"]) {
    await Deno.writeTextFile(`${there.dir}/.bench.yaml.new`, text);
    await Deno.rename(`${there.dir}/.bench.yaml.new`, there.file);
    assert.ok(await there.changed());
  }
});

Deno.test("a file that goes has changed, and once more when it is back", async () => {
  await using there = await watched();
  await Deno.remove(there.file);
  assert.ok(await there.changed());
  await Deno.writeTextFile(there.file, "2");
  assert.ok(await there.changed());
});

Deno.test("reading the file and writing others beside it changes nothing", async () => {
  await using there = await watched();
  await Deno.readTextFile(there.file);
  await Deno.writeTextFile(`${there.dir}/other.yaml`, "2");
  assert.equal(await there.hasChanged(), false);
});

Deno.test("a file behind links changes when one of them does, as what Kubernetes mounts", async () => {
  const { path: dir, ...folder } = await tempDir();
  for (const version of ["v1", "v2"]) {
    await Deno.mkdir(`${dir}/${version}`);
    await Deno.writeTextFile(`${dir}/${version}/bench.yaml`, version);
  }
  await Deno.symlink("v1", `${dir}/data`);
  await Deno.symlink("data/bench.yaml", `${dir}/bench.yaml`);
  const stop = new AbortController();
  const change = fileChanges(`${dir}/bench.yaml`, stop.signal).next();
  await Deno.symlink("v2", `${dir}/data.new`);
  await Deno.rename(`${dir}/data.new`, `${dir}/data`);
  assert.equal((await within(5_000, change)).done, false);
  stop.abort();
  await folder[Symbol.asyncDispose]();
});

Deno.test("a change that no event tells of is seen as well", async () => {
  await using folder = await tempDir();
  await using elsewhere = await tempDir();
  const target = `${elsewhere.path}/bench.yaml`;
  await Deno.writeTextFile(target, "1");
  await Deno.symlink(target, `${folder.path}/bench.yaml`);
  const stop = new AbortController();
  const changes = fileChanges(`${folder.path}/bench.yaml`, stop.signal, { lookInterval: 250 });
  let isSeen = false;
  const change = changes.next().then(({ done }) => isSeen = !done);
  // Whatever is written before the first look is no change.
  let due = 0;
  await until("the change is seen", async () => {
    if (performance.now() < due) return isSeen;
    await Deno.writeTextFile(target, "1", { append: true });
    due = performance.now() + 1_000;
    return isSeen;
  });
  await change;
  const end = changes.next();
  stop.abort();
  assert.equal((await within(5_000, end)).done, true);
});

Deno.test("a change is seen without events, and a folder that comes later", async () => {
  await using folder = await tempDir();
  const stop = new AbortController();
  const file = `${folder.path}/later/bench.yaml`;
  const changes = fileChanges(file, stop.signal, { events: false, lookInterval: 50 });
  for (const text of ["1", "23"]) {
    const change = changes.next();
    await Deno.mkdir(`${folder.path}/later`, { recursive: true });
    await Deno.writeTextFile(file, text);
    assert.equal((await within(5_000, change)).done, false);
  }
  const end = changes.next();
  stop.abort();
  assert.equal((await within(5_000, end)).done, true);
});

Deno.test("changes end with the signal, and without a folder there are none to wait for", async () => {
  await using there = await watched();
  there.stop();
  assert.equal(await there.changed(), false);
  assert.equal(await there.changed(), false);
  const nowhere = fileChanges(`${there.dir}/none/bench.yaml`, new AbortController().signal);
  await assert.rejects(nowhere.next(), Deno.errors.NotFound);
});
