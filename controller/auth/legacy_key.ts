import { Buffer } from "node:buffer";
import { createECDH, createHash } from "node:crypto";
import type { PublicJwk } from "./signing_key.ts";
import { goRandomBytes } from "./go_random.ts";

/** The order of the group of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SEED_BYTES = 40;

/**
 * The public key with which the Go controller signs when it has this `CONTROLLER_KEY`, for tokens
 * of a service that is being replaced.
 *
 * There are only about two thousand million such keys, and one token is enough to find the private
 * part: accept it for as long as old tokens must work, and never sign with it.
 *
 * ```ts
 * import { legacyPublicKey } from "@jumpstarter/controller/auth";
 *
 * console.log(legacyPublicKey("test").x); // "kl2awtb-J3DNMCeX5XBfda-m0zwVS5_DnfQPSw7UvBk"
 * ```
 */
export function legacyPublicKey(controllerKey: string | Uint8Array): PublicJwk {
  const digest = createHash("sha256").update(controllerKey).digest();
  const random = Buffer.from(goRandomBytes(digest.readBigInt64BE(0), SEED_BYTES));
  const scalar = BigInt(`0x${random.toString("hex")}`) % (ORDER - 1n) + 1n;
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(scalar.toString(16).padStart(64, "0"), "hex");
  const point = curve.getPublicKey();
  const base64url = (part: Buffer) => part.toString("base64url");
  return {
    kty: "EC",
    crv: "P-256",
    x: base64url(point.subarray(1, 33)),
    y: base64url(point.subarray(33, 65)),
  };
}
