import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { CONTENT_ENCODINGS, type ContentEncoding } from "@jumpstarter/lib/driver";
import { type Bench, openExporter } from "../support/bench.ts";
import { types } from "../support/exporter_file.ts";
import { run } from "../support/programs.ts";
import { start, within } from "../support/running.ts";

const entries = { flasher: { type: types.flasher } };
const MB = 1_000_000;

/** The programs that read archives on every other machine. */
const readers: Record<ContentEncoding, string> = {
  gzip: "gzip",
  xz: "xz",
  bz2: "bzip2",
  zstd: "zstd",
};

async function isInstalled(program: string): Promise<boolean> {
  return await run([program, "--version"]).then(() => true, () => false);
}

/** Runs `j flasher …` in a process of its own; fails unless it ends well. */
async function j(bench: Bench, ...args: string[]): Promise<string> {
  const { status, stderr } = await run(bench.cold("flasher", ...args), { env: bench.env });
  assert.equal(status, 0, stderr);
  return stderr;
}

/** Runs `j flasher …`, which fails; the sentence that it says. */
async function jFails(bench: Bench, ...args: string[]): Promise<string> {
  const { status, stderr } = await run(bench.cold("flasher", ...args), { env: bench.env });
  assert.equal(status, 1, stderr);
  return stderr.trim().split("\n").at(-1)!;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}

/** A file of so many megabytes that are not all the same. */
async function writeImage(path: string, megabytes: number): Promise<void> {
  const part = new Uint8Array(MB);
  for (let at = 0; at < MB; at += 50_000) crypto.getRandomValues(part.subarray(at, at + 50_000));
  using file = await Deno.open(path, { write: true, create: true });
  const writer = file.writable.getWriter();
  for (let count = 0; count < megabytes; count++) await writer.write(part);
  writer.releaseLock();
}

Deno.test("archives of dumps are read by the programs of the machine, and flashed again", async (test) => {
  await using bench = await openExporter(entries);
  const [image, archive, back] = ["image", "archive", "back"].map((name) => `${bench.dir}/${name}`);
  await Deno.writeTextFile(image!, "hardware in the loop\n".repeat(30_000));
  await j(bench, "flash", image!);
  for (const encoding of CONTENT_ENCODINGS) {
    await test.step({
      name: `${encoding}, which ${readers[encoding]} reads`,
      ignore: !await isInstalled(readers[encoding]),
      async fn() {
        await j(bench, "dump", archive!, "--compression", encoding);
        const read = ["sh", "-c", '"$0" -dc <"$1"', readers[encoding], archive!] as const;
        const { status, stdout } = await run([...read]);
        assert.equal(status, 0);
        assert.equal(stdout, await Deno.readTextFile(image!));
        await j(bench, "flash", "--compression", encoding, "-t", `x:${archive}`);
        await j(bench, "dump", back!, "--target", "x");
        assert.equal(await hashOf(back!), await hashOf(image!));
      },
    });
  }
});

Deno.test("a flash whose client is killed leaves the old image, and is taken up with --resume", async () => {
  await using bench = await openExporter(entries);
  const image = `${bench.dir}/image`;
  await writeImage(image, 60);
  await Deno.writeTextFile(`${bench.dir}/old`, "the old image");
  await j(bench, "flash", `${bench.dir}/old`);
  const [folder] = [...Deno.readDirSync(bench.temp)];
  const kept = `${bench.temp}/${folder!.name}`;
  {
    using watcher = Deno.watchFs(kept);
    await using client = start(bench.cold("flasher", "flash", image), { env: bench.env });
    for await (const { paths } of watcher) {
      const size = await Deno.stat(paths[0]!).then(({ size }) => size, () => 0);
      if (size > 5 * MB) break;
    }
    client.kill("SIGKILL");
    await client.finished;
  }
  await j(bench, "dump", `${bench.dir}/back`);
  assert.equal(await Deno.readTextFile(`${bench.dir}/back`), "the old image");
  const said = await j(bench, "flash", image, "--resume", "--verify");
  assert.match(said, /^\d+(\.\d)? MB have arrived before: the rest is sent$/m);
  assert.match(said, /^✓ written and verified: 60 MB in /m);
  assert.deepEqual([...Deno.readDirSync(kept)].map(({ name }) => name), ["image-default"]);
  assert.match(
    await j(bench, "flash", image, "--resume"),
    /^nothing has arrived before: the image/m,
  );
});

Deno.test("what cannot be resumed is refused with a sentence", async () => {
  await using bench = await openExporter(entries);
  const sentence = /^error: only the flash of a plain file of this machine can be resumed: /;
  assert.match(await jFails(bench, "flash", "http://h/x", "--resume"), sentence);
  assert.match(await jFails(bench, "flash", "-", "--resume"), sentence);
  assert.match(await jFails(bench, "flash", "x.xz", "--resume", "--compression", "xz"), sentence);
});

Deno.test({
  name: "a sparse image stays sparse on the exporter and in a dump",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using bench = await openExporter(entries);
    const [image, back] = [`${bench.dir}/image`, `${bench.dir}/back`];
    {
      using file = await Deno.open(image, { write: true, create: true });
      for (const place of [0, 30 * MB, 45 * MB + 1]) {
        await file.seek(place, Deno.SeekMode.Start);
        await file.write(new TextEncoder().encode("some data"));
      }
      await file.truncate(60 * MB);
    }
    await j(bench, "flash", image, "--verify");
    await j(bench, "dump", back);
    const [folder] = [...Deno.readDirSync(bench.temp)];
    for (const path of [`${bench.temp}/${folder!.name}/image-default`, back]) {
      const { size, blocks } = await Deno.stat(path);
      assert.equal(size, 60 * MB);
      assert.ok(blocks! * 512 < MB, `${path} takes up ${blocks! * 512} bytes`);
    }
    assert.equal(await hashOf(back), await hashOf(image));
  },
});

Deno.test("of two clients that flash the same place, the second is refused", async () => {
  await using bench = await openExporter(entries);
  const { env } = bench;
  using watcher = Deno.watchFs(bench.temp);
  await using first = start(bench.cold("flasher", "flash", "-"), { env, hasInput: true });
  await first.type(new TextEncoder().encode("first"));
  await within(20_000, watcher[Symbol.asyncIterator]().next()); // the exporter makes its folder
  await Deno.writeTextFile(`${bench.dir}/second`, "second");
  assert.equal(
    await jFails(bench, "flash", `${bench.dir}/second`),
    'error: flash: "default" is being written already; wait until that is done',
  );
  await first.endInput();
  assert.equal((await first.finished).status, 0);
  await j(bench, "flash", `${bench.dir}/second`, "--verify");
});

/** A web server that fails in every way that is asked for by the path. */
function faultyServer() {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const { pathname } = new URL(url);
    const hops = /^\/hops\/(\d+)$/.exec(pathname)?.[1];
    if (hops !== undefined) {
      return Response.redirect(new URL(hops === "0" ? "/image" : `/hops/${+hops - 1}`, url), 302);
    }
    if (pathname === "/loop") return Response.redirect(url, 307);
    return new Response("an image", { status: pathname === "/image" ? 200 : 404 });
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A server that promises more than it sends. */
function lyingServer() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(10_000));
      const answer = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nonly this";
      await connection.write(new TextEncoder().encode(answer));
      connection.close();
    }
  })();
  return {
    origin: `http://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

Deno.test("a URL that does not hold what it promises fails a flash with a sentence, and no more", async () => {
  await using bench = await openExporter(entries);
  await using server = faultyServer();
  await using liar = lyingServer();
  const old = `${bench.dir}/old`;
  await Deno.writeTextFile(old, "the old image");
  await j(bench, "flash", old);
  const faults: Record<string, RegExp> = {
    [`${server.origin}/loop?signature=s`]:
      /GET .*\/loop\?\[REDACTED\] failed: it redirects more than/,
    [`${server.origin}/hops/10`]: /GET .*\/hops\/10 failed: it redirects more than 10 times$/,
    [`${server.origin}/nope`]: /GET .*\/nope failed: the server answers 404/,
    [`${liar.origin}/image`]: /GET .*\/image failed: /,
    "http://127.0.0.1:1/image": /GET .*\/image failed: /,
  };
  for (const [url, sentence] of Object.entries(faults)) {
    const said = await jFails(bench, "flash", url);
    assert.match(said, /^error: flash: /);
    assert.match(said, sentence);
    await j(bench, "dump", `${bench.dir}/back`);
    assert.equal(await Deno.readTextFile(`${bench.dir}/back`), "the old image", url);
  }
  await j(bench, "flash", `${server.origin}/hops/9`);
  await j(bench, "dump", `${bench.dir}/back`);
  assert.equal(await Deno.readTextFile(`${bench.dir}/back`), "an image");
});
