import { DriverError } from "@jumpstarter/lib/errors";

/** A path with dots and doubled slashes resolved, without slashes at its ends; `""` is the root. */
export function normalizePath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.replaceAll("\\", "/").split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) throw outside(path);
  }
  return segments.join("/");
}

/** What is thrown for a path that leads out of a storage. */
export function outside(path: string): DriverError {
  return new DriverError(`"${path}" is outside the storage's root`);
}

/** Whether a path is written as that of a folder: it ends with a slash, or is the root. */
export function isFolderPath(path: string): boolean {
  return path.endsWith("/") || normalizePath(path) === "";
}

/** The key of a path where folders are no more than names that end with a slash; `""` is the root. */
export function objectKey(path: string): string {
  const normal = normalizePath(path);
  return normal !== "" && path.endsWith("/") ? `${normal}/` : normal;
}

/** Text for a URL, encoded as strictly as signatures want it. */
export function encodeText(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A path for a URL: everything but its slashes is encoded. */
export function encodePath(path: string): string {
  return encodeText(path).replaceAll("%2F", "/");
}
