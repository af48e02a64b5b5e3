import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { makeImage } from "./image.ts";

for (const size of [0, 10, 45, 70_000, 1_000_045, 3_000_000]) {
  Deno.test(`makeImage() writes ${size} bytes, and says what they are`, async () => {
    const path = await Deno.makeTempFile();
    try {
      const made = await makeImage(path, { size, version: "1.2.3" });
      const bytes = await Deno.readFile(path);
      assert.equal(bytes.length, size);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      assert.deepEqual(made, { size, sha256 });
      const header = "JUMPSTARTER SAMPLE IMAGE\nVERSION=1.2.3\n".slice(0, size);
      assert.equal(new TextDecoder().decode(bytes.subarray(0, header.length)), header);
    } finally {
      await Deno.remove(path);
    }
  });
}
