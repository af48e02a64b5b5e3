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

/** Makes a folder in another process, which says its path and then waits. */
async function startMaker(runtime: string) {
  const module = import.meta.resolve("./socket_dir.ts");
  const code = `import { SocketDir } from ${JSON.stringify(module)};
    console.log((await SocketDir.make()).path);
    await Deno.stdin.read(new Uint8Array(1));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    env: { XDG_RUNTIME_DIR: runtime },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await output.read();
  return {
    path: value.trim(),
    async kill() {
      child.kill("SIGKILL");
      await Promise.all([child.status, output.cancel(), child.stdin.close()]);
    },
  };
}

Deno.test("SocketDir removes the folder of a process that was killed, and no other", async () => {
  const runtime = await Deno.makeTempDir();
  const [killed, alive] = await Promise.all([startMaker(runtime), startMaker(runtime)]);
  await Deno.symlink(killed.path, `${runtime}/jumpstarter-link`);
  for (const name of ["jumpstarter-lockless", "other"]) await Deno.mkdir(`${runtime}/${name}`);
  const open = `${runtime}/jumpstarter-open`;
  await Deno.mkdir(open);
  for (const path of [open, `${runtime}/other`]) await Deno.writeTextFile(`${path}/lock`, "");
  await Deno.chmod(`${runtime}/other`, 0o700);
  await Deno.chmod(open, 0o755);
  await killed.kill();
  await withRuntimeDir(runtime, async () => {
    await using own = await SocketDir.make();
    const left = [...Deno.readDirSync(runtime)].map(({ name }) => `${runtime}/${name}`);
    assert.deepEqual(
      left.sort(),
      [
        ...["jumpstarter-link", "jumpstarter-lockless", "jumpstarter-open", "other"]
          .map((name) => `${runtime}/${name}`),
        alive.path,
        own.path,
      ].sort(),
    );
  });
  await alive.kill();
  await Deno.remove(runtime, { recursive: true });
});
