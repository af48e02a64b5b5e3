import { command, type Commands, path } from "@jumpstarter/lib/commands";
import { nameOf, showTransfer, sinkOf, sourceOf } from "./command_streams.ts";
import { commands as flasherCommands } from "./flasher_commands.ts";
import type { StorageMuxClient } from "./storage_mux_client.ts";
import type { StorageMuxFlasherClient } from "./storage_mux_flasher_client.ts";

/** The `j` commands of a storage mux. */
export const commands: Commands<StorageMuxClient> = {
  host: command({
    does: "Connect the storage to the exporter",
    run: (storage: StorageMuxClient) => storage.host(),
  }),
  dut: command({
    does: "Connect the storage to the device",
    run: (storage: StorageMuxClient) => storage.dut(),
  }),
  off: command({
    does: "Disconnect the storage from both",
    run: (storage: StorageMuxClient) => storage.off(),
  }),
  writeLocalFile: command({
    does: "Write an image to the storage, which must be connected to the exporter",
    arguments: {
      file: path(
        "image to write: a file, a URL that the exporter fetches, or - for standard input",
      ),
    },
    async run(storage: StorageMuxClient, { file }, io) {
      await showTransfer(
        io,
        `${nameOf(file)} → ${storage.name}`,
        "written",
        (options) => storage.writeLocalFile(sourceOf(io, file), options),
      );
    },
  }),
  readLocalFile: command({
    does: "Read the storage, which must be connected to the exporter",
    arguments: {
      file: path(
        "where to write it: a file, a URL that the exporter sends it to, or - for standard output",
      ),
    },
    async run(storage: StorageMuxClient, { file }, io) {
      await showTransfer(
        io,
        `${storage.name} → ${nameOf(file)}`,
        "read",
        (options) => storage.readLocalFile(sinkOf(io, file), options),
      );
    },
  }),
};

/** The `j` commands of a storage mux that flashes. */
export const muxFlasherCommands: Commands<StorageMuxFlasherClient> = {
  ...flasherCommands,
  ...commands,
};
