import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "./api_error.ts";

/** The shortest token of an administrator, characters: 128 bits in base64. */
export const MIN_TOKEN = 22;

/** Makes a check of the administrator's token; it throws an {@linkcode ApiError} for any other. */
export function credentialCheck(token: string): (request: Request) => void {
  if (token.length < MIN_TOKEN) {
    throw new RangeError(`an administrator's token has at least ${MIN_TOKEN} characters`);
  }
  // Digests have one length, so that comparing them tells nothing of the token.
  const wanted = digest(token);
  return ({ headers }) => {
    const [, given] = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "") ?? [];
    if (!timingSafeEqual(digest(given ?? ""), wanted)) {
      throw new ApiError("Unauthorized", "Unauthorized");
    }
  };
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
