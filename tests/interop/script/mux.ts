import assert from "node:assert/strict";
import { CONTENT_ENCODINGS } from "@jumpstarter/lib/driver";
import type { checks as all } from "../checks.ts";
import { packed } from "./archive.ts";
import { bytes, type Check, given, memory, random, text } from "./board.ts";

export const checks: Record<(typeof all)["mux"][number], Check> = {
  async "a fresh storage is empty"({ mux }) {
    const { sink } = memory();
    assert.equal((await mux.readLocalFile(sink)).bytes, 0);
  },
  async "1 MB is written and read"({ mux }) {
    const data = random(1_000_000);
    const { sink, content } = memory();
    await mux.writeLocalFile(new Blob([data]));
    await mux.readLocalFile(sink);
    assert.deepEqual(content(), data);
  },
  async "host(), dut() and off() give nothing back"({ mux }) {
    for (const method of ["host", "dut", "off"]) assert.equal(await mux.call(method), null);
  },
  async "the exporter fetches a URL for a storage"({ mux }) {
    const { sink, content } = memory();
    await mux.writeLocalFile(given("URL"));
    await mux.readLocalFile(sink);
    assert.equal(text(content()), "an image behind a URL");
  },
  async "a flasher behind a mux flashes and dumps"({ muxFlasher }) {
    const { sink, content } = memory();
    await muxFlasher.flash(new Blob([bytes("an image")]), { verify: true });
    await muxFlasher.dump(sink);
    assert.equal(text(content()), "an image");
  },
  async "a flasher behind a mux takes any compression, and a URL"({ muxFlasher }) {
    const plain = bytes("hardware in the loop\n".repeat(10_000));
    for (const encoding of CONTENT_ENCODINGS) {
      const { sink, content } = memory();
      await muxFlasher.flash(new Blob([await packed(plain, encoding)]), { encoding });
      await muxFlasher.dump(sink);
      assert.deepEqual(content(), plain, encoding);
    }
    const { sink, content } = memory();
    await muxFlasher.flash(new URL(given("URL")));
    await muxFlasher.dump(sink);
    assert.equal(text(content()), "an image behind a URL");
  },
  async "a flasher behind a mux takes no target"({ muxFlasher }) {
    await assert.rejects(muxFlasher.flash(new Blob(), { target: "boot" }), { code: "usage" });
  },
};
