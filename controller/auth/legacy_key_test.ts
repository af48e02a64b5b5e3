import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { goRandomBytes } from "./go_random.ts";
import { createHash } from "node:crypto";
import { legacyPublicKey } from "./legacy_key.ts";

const KNOWN = [
  [
    "",
    "e89fb81d20571394",
    "OZsObBQwCO2SuyW4GMqS9_wzSEcNwOKsUyqs-Cfxk6A",
    "4EouMOlGX8tXLI1hWLEanRe60O3wObYVHXqNSQYu04A",
  ],
  [
    "test",
    "8f83b7189b6998c5",
    "kl2awtb-J3DNMCeX5XBfda-m0zwVS5_DnfQPSw7UvBk",
    "ZA_sOywItiJUQB_yV5ZTmkvE_fushUu5jikM9PKjJBE",
  ],
  [
    "test-seed-value",
    "9ef934f7e7e5713e",
    "1KD2QU8yZIlucoxxql7IuiKOoyMGqkOlTY05-BnQsRE",
    "n7HuOTzdHFZ3VP-sksYMb6dCVFT-7narba5uiwxzpEE",
  ],
] as const;

Deno.test("a seed of the Go controller gives the public key that it gives there", () => {
  for (const [seed, bytes, x, y] of KNOWN) {
    const number = createHash("sha256").update(seed).digest().readBigInt64BE(0);
    assert.equal(Buffer.from(goRandomBytes(number, 8)).toString("hex"), bytes);
    assert.deepEqual(legacyPublicKey(seed), { kty: "EC", crv: "P-256", x, y });
    assert.deepEqual(legacyPublicKey(new TextEncoder().encode(seed)).x, x);
  }
});
