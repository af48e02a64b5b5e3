/** What a board finds on its storage. */
export interface Medium {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** The image's version line, `VERSION=…`; none where the image has no such line. */
  readonly version: string | undefined;
}

/** The part of an image that is searched for its version line, bytes. */
export const VERSION_AREA = 4096;

/** The first line of an image's beginning that reads `VERSION=…`. */
export function versionLine(beginning: Uint8Array): string | undefined {
  const text = new TextDecoder("latin1").decode(beginning.subarray(0, VERSION_AREA));
  return /^VERSION=[\x20-\x7e]{1,200}/m.exec(text)?.[0];
}
