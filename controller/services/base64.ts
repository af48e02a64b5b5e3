/** Text in the data of Secrets. */

/** Writes text as base64. */
export function encodeBase64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

/** Reads text from base64; empty when it is none. */
export function decodeBase64(base64: string | undefined = ""): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(base64));
  } catch {
    return "";
  }
}
