import {
  choice,
  type Command,
  command,
  type Commands,
  integer,
  path,
  text,
  withDefault,
} from "@jumpstarter/lib/commands";
import {
  inputStream,
  nameOf,
  outputStream,
  showTransfer,
  sinkOf,
  sourceOf,
} from "./command_streams.ts";
import type { PresignedRequest } from "./interface.ts";
import type { OpendalClient } from "./opendal_client.ts";

const stored = text("path in the storage", "PATH");
const folder = text("path of a folder in the storage, ending in /", "PATH");
const between = {
  source: text("path in the storage", "SOURCE"),
  target: text("new path in the storage", "TARGET"),
};

/** The `j` commands of a storage. */
export const commands: Commands<OpendalClient> = {
  writeBytes: command({
    does: "Write standard input to a file of the storage",
    arguments: { path: stored },
    run: async (storage: OpendalClient, { path }, io) =>
      void await storage.writeFromPath(path, inputStream(io), io),
  }),
  readBytes: command({
    does: "Write a file of the storage to standard output",
    arguments: { path: stored },
    run: async (storage: OpendalClient, { path }, io) =>
      void await storage.readIntoPath(path, outputStream(io), io),
  }),
  writeFromPath: command({
    does: "Send a file to the storage",
    arguments: {
      destination: stored,
      source: path(
        "what to send: a file, a URL that the exporter fetches, or - for standard input",
      ),
    },
    async run(storage: OpendalClient, { destination, source }, io) {
      await showTransfer(
        io,
        `${nameOf(source)} → ${destination}`,
        "written",
        (options) => storage.writeFromPath(destination, sourceOf(io, source), options),
      );
    },
  }),
  readIntoPath: command({
    does: "Receive a file of the storage",
    arguments: {
      source: stored,
      destination: path("where to write it: a file, a URL that the exporter sends it to, or -"),
    },
    async run(storage: OpendalClient, { source, destination }, io) {
      await showTransfer(
        io,
        `${source} → ${nameOf(destination)}`,
        "read",
        (options) => storage.readIntoPath(source, sinkOf(io, destination), options),
      );
    },
  }),
  stat: command({
    does: "Show what is known of a file, as JSON",
    arguments: { path: stored },
    async run(storage: OpendalClient, { path }, io) {
      const { mode, ...metadata } = await storage.stat(path);
      const kind = { is_file: mode.entry_is_file, is_dir: mode.entry_is_dir };
      await io.print(JSON.stringify({ ...metadata, mode: kind }, null, 2));
    },
  }),
  hash: command({
    does: "Show the hash of a file",
    arguments: { path: stored },
    options: { algo: withDefault(choice(["md5", "sha256"], "hash function"), "sha256") },
    run: async (storage: OpendalClient, { path, algo }, io) =>
      await io.print(await storage.hash(path, algo)),
  }),
  copy: command({
    does: "Copy a file within the storage",
    arguments: between,
    run: (storage: OpendalClient, { source, target }) => storage.copy(source, target),
  }),
  rename: command({
    does: "Rename a file within the storage",
    arguments: between,
    run: (storage: OpendalClient, { source, target }) => storage.rename(source, target),
  }),
  removeAll: command({
    does: "Delete a file, or a folder with everything in it",
    arguments: { path: stored },
    run: (storage: OpendalClient, { path }) => storage.removeAll(path),
  }),
  createDir: command({
    does: "Make a folder",
    arguments: { path: folder },
    run: (storage: OpendalClient, { path }) => storage.createDir(path),
  }),
  delete: command({
    does: "Delete a file",
    arguments: { path: stored },
    run: (storage: OpendalClient, { path }) => storage.delete(path),
  }),
  exists: command({
    does: "Exit with 0 if a file is there, with 1 if not",
    arguments: { path: stored },
    run: async (storage: OpendalClient, { path }) => await storage.exists(path) ? 0 : 1,
  }),
  list: command({
    does: "List a folder",
    arguments: { path: folder },
    async run(storage: OpendalClient, { path }, io) {
      for await (const entry of storage.list(path)) await io.print(entry);
    },
  }),
  scan: command({
    does: "List a folder and everything below it",
    arguments: { path: folder },
    async run(storage: OpendalClient, { path }, io) {
      for await (const entry of storage.scan(path)) await io.print(entry);
    },
  }),
  presignStat: presign("read a file's metadata", (storage, ...of) => storage.presignStat(...of)),
  presignRead: presign("read a file", (storage, ...of) => storage.presignRead(...of)),
  presignWrite: presign("write a file", (storage, ...of) => storage.presignWrite(...of)),
  capability: command({
    does: "Show what the storage can do, as JSON",
    run: async (storage: OpendalClient, _, io) =>
      await io.print(JSON.stringify(await storage.capability(), null, 2)),
  }),
};

type Presign = (
  storage: OpendalClient,
  path: string,
  seconds: number,
) => Promise<PresignedRequest>;

function presign(what: string, make: Presign): Command<OpendalClient> {
  return command({
    does: `Make an HTTP request by which others can ${what}`,
    arguments: { path: stored },
    options: {
      expireSecond: withDefault(integer("seconds that it is good for", { min: 1 }), 60),
    },
    run: async (storage: OpendalClient, { path, expireSecond }, io) =>
      await io.print(JSON.stringify(await make(storage, path, expireSecond), null, 2)),
  });
}
