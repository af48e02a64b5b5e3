import { UsageError } from "../errors.ts";

/** Checks that a text can travel in metadata. Fails with `UsageError`; gRPC's own would show it. */
export function metadataValue(what: string, text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  throw new UsageError(`${what} may hold printable ASCII characters only`);
}
