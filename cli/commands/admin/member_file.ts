import { type CommandIo, optional, path } from "@jumpstarter/lib/commands";
import { fileExists, writeAtomically } from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";
import { resolve } from "node:path";
import { confirm } from "./confirm.ts";
import type { Credentials, Drivers, Member } from "./member.ts";

/** Where a file is written that is not to be in the user's folder. */
export const outOption = { out: optional(path("write the file there")) };

/** Whom a file is of, and where it is when it is not in the user's folder. */
export interface FileOf {
  readonly member: Member;
  readonly name: string;
  readonly out: string | undefined;
}

/** The path of a file. */
export function pathOf({ member, name, out }: FileOf, { cwd }: CommandIo): string {
  return out === undefined ? member.path(name) : resolve(cwd, out);
}

/**
 * Sees to it that a file can be written: fails with `ConfigError` when there is one already, unless
 * somebody who can be asked wants it overwritten.
 */
export async function checkFree(file: FileOf, mayAsk: boolean, io: CommandIo): Promise<void> {
  if (file.out === undefined) return void await file.member.checkNew(file.name);
  const path = pathOf(file, io);
  if (!await fileExists(path)) return;
  if (mayAsk && await confirm(io, `${path} exists. Overwrite it?`)) return;
  throw new ConfigError(`${path} exists, and stays as it is; name another file with --out`);
}

/** Writes a file, readable by its owner only; its path. */
export async function writeFile(
  file: FileOf,
  credentials: Credentials,
  drivers: Drivers,
  io: CommandIo,
): Promise<string> {
  const { member, name, out } = file;
  if (out === undefined) return await member.save(name, credentials, drivers);
  const path = pathOf(file, io);
  await writeAtomically(path, await member.format(credentials, drivers));
  return path;
}

/**
 * What a file says, to be changed in place; `undefined` when it is of somebody else. Fails with
 * `ConfigError` when it is no such file.
 */
export async function readFile(
  file: FileOf,
  namespace: string,
  io: CommandIo,
): Promise<{ setToken(token: string): Promise<void> } | undefined> {
  const path = pathOf(file, io);
  const { isMap, parseDocument } = await import("yaml");
  const document = parseDocument(await Deno.readTextFile(path));
  const { configKind } = file.member;
  const isOurs = document.errors.length === 0 && isMap(document.contents) &&
    document.get("kind") === configKind;
  if (!isOurs) throw new ConfigError(`${path} is no file of kind ${configKind}`);
  const owner = ["namespace", "name"].map((key) => document.getIn(["metadata", key]));
  if (owner[0] !== namespace || owner[1] !== file.name) return undefined;
  return {
    async setToken(token) {
      document.set("token", token);
      await writeAtomically(path, document.toString({ lineWidth: 0 }));
    },
  };
}
