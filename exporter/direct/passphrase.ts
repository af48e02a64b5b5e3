import { createHash, timingSafeEqual } from "node:crypto";
import type { Logger } from "@jumpstarter/lib/driver";
import { type Guard, RpcError } from "@jumpstarter/lib/rpc";

/** The metadata in which clients give the passphrase. */
const KEY = "x-jumpstarter-passphrase";

/**
 * Refuses calls without the passphrase, and logs them. How long the comparison takes tells nothing:
 * it compares digests.
 */
export function passphraseGuard(passphrase: string, log: Logger): Guard {
  const expected = digest(passphrase);
  return ({ header, method, peer }) => {
    const given = header(KEY);
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    log.warning(
      `authentication failed: invalid or missing passphrase for method ${method} (${peer})`,
    );
    throw new RpcError("UNAUTHENTICATED", "invalid or missing passphrase");
  };
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
