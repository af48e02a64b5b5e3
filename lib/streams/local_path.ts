import { fileURLToPath } from "node:url";
import { UsageError } from "../errors.ts";

/**
 * The path of a file on this machine, of a path or a `file:` URL. Fails with `UsageError` for what
 * lies elsewhere; `doing` says what was to be done with it.
 */
export function localPath(place: string | URL, doing: "read" | "write"): string {
  if (place === "") throw new UsageError(`cannot ${doing} a file without a name`);
  if (typeof place === "string" && !/^https?:/i.test(place)) return place;
  const url = URL.parse(String(place));
  if (url?.protocol === "file:" && url.host === "") return fileURLToPath(url);
  throw new UsageError(`cannot ${doing} ${shown(url) ?? place}: ${elsewhere[doing]}`);
}

const elsewhere = {
  read: "only files of this machine can be read here; download it, or let the exporter fetch it",
  write: "only files of this machine can be written here; write a file, and send it there",
};

/** Without the query, which may hold a signature, and without a password. */
function shown(url: URL | null): string | undefined {
  return url === null ? undefined : `${url.protocol}//${url.host}${url.pathname}`;
}
