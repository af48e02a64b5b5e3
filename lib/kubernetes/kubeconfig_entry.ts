import { dirname, isAbsolute, join } from "node:path";
import { nearest } from "../config/nearest.ts";
import { ConfigError } from "../errors.ts";

/** Values by their keys. */
type Table = Readonly<Record<string, unknown>>;

/** Something that a kubeconfig says, and the file that does. */
export interface Entry {
  readonly value: Table;
  readonly file: string;
}

/** The table in a kubeconfig; `undefined` when there is no such file and there need not be one. */
export async function readKubeconfig(
  path: string,
  mayBeMissing: boolean,
): Promise<Entry | undefined> {
  let source: string;
  try {
    source = await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound && mayBeMissing) return undefined;
    throw new ConfigError(`cannot read kubeconfig ${path}: ${(cause as Error).message}`, { cause });
  }
  const { parse } = await import("yaml");
  let value: unknown;
  try {
    value = parse(source, { logLevel: "error" });
  } catch (cause) {
    const [reason] = (cause as Error).message.split("\n");
    throw new ConfigError(`${path} is not YAML: ${reason}`, { cause });
  }
  if (isTable(value)) return { value, file: path };
  throw new ConfigError(`${path} is no kubeconfig: it is not a table`);
}

/** The entry of a name; of several, the first. */
export function findEntry(
  files: readonly Entry[],
  kind: "context" | "cluster" | "user",
  name: string,
): Entry {
  const names: string[] = [];
  for (const { value, file } of files) {
    const list = value[`${kind}s`];
    for (const item of Array.isArray(list) ? list : []) {
      if (!isTable(item)) continue;
      const value = item[kind] ?? {};
      if (item.name === name && isTable(value)) return { value, file };
      if (typeof item.name === "string") names.push(item.name);
    }
  }
  const near = nearest(name, names);
  const hint = near === undefined ? "" : `; did you mean "${near}"?`;
  throw new ConfigError(
    `${files.map(({ file }) => file).join(", ")}: there is no ${kind} "${name}"${hint}`,
  );
}

/** A PEM text that is given in base64 as `NAME-data`, or in a file. */
export async function pem(entry: Entry, name: string): Promise<string | undefined> {
  const found = await textBehind(entry, name);
  if (found === undefined || /-----BEGIN [A-Z ]+-----/.test(found)) return found;
  throw new ConfigError(`${entry.file}: ${name} is no PEM text (-----BEGIN …)`);
}

async function textBehind({ value, file }: Entry, name: string): Promise<string | undefined> {
  const data = text(value, `${name}-data`);
  const path = text(value, name);
  if (data === undefined) return path === undefined ? undefined : await readBeside(file, path);
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(data));
  } catch (cause) {
    throw new ConfigError(`${file}: ${name}-data is not base64`, { cause });
  }
}

/** The text of a file that a kubeconfig names. */
export async function readBeside(file: string, path: string): Promise<string> {
  const found = isAbsolute(path) ? path : join(dirname(file), path);
  try {
    return await Deno.readTextFile(found);
  } catch (cause) {
    throw new ConfigError(`${file}: cannot read ${found}: ${(cause as Error).message}`, { cause });
  }
}

/** A text that has to be there; `where` begins the sentence when it is not. */
export function need(table: Table, key: string, where: string): string {
  const value = text(table, key);
  if (value !== undefined) return value;
  throw new ConfigError(`${where} has no "${key}"`);
}

/** A text that may be there. */
export function text(table: Table, key: string): string | undefined {
  const value = table[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
