import assert from "node:assert/strict";
import { openSink } from "./sink.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function inDir(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  await work(dir).finally(() => Deno.remove(dir, { recursive: true }));
}

const namesIn = (dir: string) => [...Deno.readDirSync(dir)].map(({ name }) => name);

for (const kind of ["path", "URL"] as const) {
  Deno.test(`openSink() writes a file that appears when it is whole, by ${kind}`, async () => {
    await inDir(async (dir) => {
      const path = `${dir}/a copy`;
      {
        await using sink = await openSink(kind === "path" ? path : new URL(`file://${path}`));
        await sink.write(bytes("one "));
        assert.equal(namesIn(dir).includes("a copy"), false);
        await sink.write(bytes("two"));
        await sink.close();
      }
      assert.equal(await Deno.readTextFile(path), "one two");
      assert.deepEqual(namesIn(dir), ["a copy"]);
    });
  });
}

Deno.test("openSink() leaves what was there, and nothing else, when it is not closed", async () => {
  await inDir(async (dir) => {
    await Deno.writeTextFile(`${dir}/file`, "old");
    {
      await using sink = await openSink(`${dir}/file`);
      await sink.write(bytes("half"));
    }
    assert.equal(await Deno.readTextFile(`${dir}/file`), "old");
    assert.deepEqual(namesIn(dir), ["file"]);
  });
});

Deno.test("openSink() keeps a link a link, and the mode of a file that it replaces", async () => {
  await inDir(async (dir) => {
    await Deno.mkdir(`${dir}/sub`);
    await Deno.writeTextFile(`${dir}/sub/file`, "old", { mode: 0o600 });
    await Deno.symlink(`${dir}/sub/file`, `${dir}/link`);
    {
      await using sink = await openSink(`${dir}/link`);
      await sink.write(bytes("new"));
      await sink.close();
    }
    assert.equal((await Deno.lstat(`${dir}/link`)).isSymlink, true);
    assert.equal(await Deno.readTextFile(`${dir}/sub/file`), "new");
    assert.equal((await Deno.stat(`${dir}/sub/file`)).mode! & 0o777, 0o600);
  });
});

Deno.test("openSink() writes to a device as it is", async () => {
  await inDir(async (dir) => {
    // Through a link, so that a mistake replaces the link and not the machine's device.
    await Deno.symlink("/dev/null", `${dir}/null`);
    await using sink = await openSink(`${dir}/null`);
    await sink.write(bytes("gone"));
    await sink.close();
    assert.equal((await Deno.stat(`${dir}/null`)).isCharDevice, true);
    assert.deepEqual(namesIn(dir), ["null"]);
  });
});

Deno.test("openSink() passes a stream's failure on, and aborts one that is not closed", async () => {
  const failing = new WritableStream({ write: () => Promise.reject(new Error("no room")) });
  await assert.rejects((await openSink(failing)).write(bytes("x")), /^Error: no room$/);
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  await (await openSink(new WritableStream({ abort: () => resolve() })))[Symbol.asyncDispose]();
  await aborted;
});

const refused: Record<string, [string | URL, RegExp]> = {
  "a folder": ["/tmp", /^cannot write \/tmp: it is a folder$/],
  "a folder that is not there": ["/nonexistent/x", /^cannot write \/nonexistent\/x: No such file/],
  "no name": ["", /^cannot write a file without a name$/],
  "a URL": [new URL("https://h/tmp/x?sig=secret"), /^cannot write https:\/\/h\/tmp\/x: only files/],
  "a URL as text": ["https://h/tmp/x?sig=secret", /^cannot write https:\/\/h\/tmp\/x: only files/],
};

for (const [what, [place, message]] of Object.entries(refused)) {
  Deno.test(`openSink() refuses ${what}`, async () => {
    await assert.rejects(openSink(place), { code: "usage", message });
  });
}
