import assert from "node:assert/strict";
import type { checks as all } from "../checks.ts";
import { bytes, type Check, memory, random, text } from "./board.ts";

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
  async "a flasher behind a mux flashes and dumps"({ muxFlasher }) {
    const { sink, content } = memory();
    await muxFlasher.flash(new Blob([bytes("an image")]), { verify: true });
    await muxFlasher.dump(sink);
    assert.equal(text(content()), "an image");
  },
  async "a flasher behind a mux takes no target"({ muxFlasher }) {
    await assert.rejects(muxFlasher.flash(new Blob(), { target: "boot" }), { code: "usage" });
  },
};
