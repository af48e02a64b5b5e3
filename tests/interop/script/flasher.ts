import assert from "node:assert/strict";
import type { FlasherClient } from "@jumpstarter/drivers/clients";
import { CONTENT_ENCODINGS, type ContentEncoding } from "@jumpstarter/lib/driver";
import type { checks as all } from "../checks.ts";
import { assertBegun, packed } from "./archive.ts";
import { bytes, type Check, given, memory, random, text } from "./board.ts";

async function dumped(
  flasher: FlasherClient,
  options: { target?: string; encoding?: ContentEncoding } = {},
): Promise<Uint8Array> {
  const { sink, content } = memory();
  await flasher.dump(sink, options);
  return content();
}

const plain = bytes("hardware in the loop\n".repeat(100_000));

/** Redirects so many times as the path says. */
function web() {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const hops = Number(new URL(url).pathname.slice(1));
    return hops === 0 ? new Response("arrived") : Response.redirect(new URL(`/${hops - 1}`, url));
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

export const checks: Record<(typeof all)["flasher"][number], Check> = {
  async "10 MiB are flashed and dumped"({ flasher }) {
    const data = random();
    await flasher.flash(new Blob([data]), { verify: true });
    assert.deepEqual(await dumped(flasher), data);
  },
  async "each partition keeps its own image"({ flasher }) {
    await flasher.flash(new Blob(["the boot loader"]), { target: "boot" });
    await flasher.flash(new Blob(["the root file system"]), { target: "root" });
    assert.equal(text(await dumped(flasher, { target: "boot" })), "the boot loader");
    assert.equal(text(await dumped(flasher, { target: "root" })), "the root file system");
  },
  async "nothing at all is flashed and dumped"({ flasher }) {
    await flasher.flash(new Blob([]), { target: "empty" });
    assert.equal((await dumped(flasher, { target: "empty" })).length, 0);
  },
  async "an image in any compression is stored plain, and dumped as an archive"({ flasher }) {
    const target = "packed";
    for (const encoding of CONTENT_ENCODINGS) {
      await flasher.flash(new Blob([await packed(plain, encoding)]), { target, encoding });
      assert.deepEqual(await dumped(flasher, { target }), plain, encoding);
      await assertBegun(await dumped(flasher, { target, encoding }), encoding, plain);
    }
  },
  async "an archive that is cut off or corrupt fails, and the flasher goes on"({ flasher }) {
    // The Python exporter takes an archive that is cut off for a whole one.
    for (const encoding of CONTENT_ENCODINGS) {
      const archive = await packed(random(100_000), encoding);
      archive.fill(7, 50_000, 50_500);
      const flashing = flasher.flash(new Blob([archive]), { target: "broken", encoding });
      await assert.rejects(flashing, { code: "driver" }, encoding);
    }
    await flasher.flash(new Blob(["new"]), { target: "broken", verify: true });
  },
  async "the exporter fetches a URL"({ flasher }) {
    await flasher.flash(given("URL"), { target: "fetched" });
    assert.equal(text(await dumped(flasher, { target: "fetched" })), "an image behind a URL");
  },
  async "the exporter follows redirects, but not for ever"({ flasher }) {
    await using server = web();
    await flasher.flash(`${server.origin}/10`, { target: "fetched" });
    assert.equal(text(await dumped(flasher, { target: "fetched" })), "arrived");
    const endless = flasher.flash(`${server.origin}/11`, { target: "fetched" });
    await assert.rejects(endless, { code: "driver" });
  },
  async "the exporter sends a dump to a URL"({ flasher }) {
    // The Python exporter waits for the answer before it sends anything: that it connects has to do.
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await flasher.flash(new Blob(["an image"]), { target: "sent" });
    const stop = new AbortController();
    const url = `http://127.0.0.1:${listener.addr.port}/copy`;
    const dumping = flasher.dump(url, { target: "sent", signal: stop.signal });
    dumping.catch(() => {}); // looked at below
    using _connected = await listener.accept();
    stop.abort();
    await assert.rejects(dumping);
  },
  async "an image goes to each of several places, one from a URL"({ flasher }) {
    await flasher.flash({ one: new Blob(["a file"]), two: given("URL") });
    assert.equal(text(await dumped(flasher, { target: "one" })), "a file");
    assert.equal(text(await dumped(flasher, { target: "two" })), "an image behind a URL");
  },
  async "a flash is resumed where that is known"({ flasher }) {
    const path = `${given("DIR")}/resumed`;
    await Deno.writeFile(path, plain);
    const notes: string[] = [];
    await flasher.flash(path, {
      target: "resumed",
      resume: true,
      verify: true,
      onNote: (note) => void notes.push(note),
    });
    const [note, ...others] = notes;
    assert.equal(note, "this exporter cannot resume a flash: the image is sent from its start");
    assert.deepEqual(others, []);
  },
  async "a dump of what was never flashed fails"({ flasher }) {
    await assert.rejects(dumped(flasher, { target: "nothing" }), { code: "driver" });
  },
};
