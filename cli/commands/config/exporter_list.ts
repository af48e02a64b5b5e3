import type { CommandIo } from "@jumpstarter/lib/commands";
import { exporterRecord, listExporters, loadExporterFile } from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { outputOption, printOutput, table } from "@jumpstarter/lib/program/output";

/** `jmp config exporter list`. */
export const list: CliCommand = cliCommand({
  does: "List the exporters that have a file: the user's, and the system's",
  options: { output: outputOption },
  async run({ output }, io) {
    const exporters = await listExporters();
    await printOutput(io, output, {
      data: async () => ({
        apiVersion: "jumpstarter.dev/v1alpha1",
        items: await items(exporters, io),
        kind: "ExporterConfigList",
      }),
      names: () => [...exporters.keys()],
      text: () => table(["ALIAS", "PATH"], [...exporters]),
    });
  },
});

/** What the files say. One that cannot be used is told of, and hides none of the others. */
async function items(
  exporters: ReadonlyMap<string, string>,
  io: CommandIo,
): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (const [alias, path] of exporters) {
    try {
      found.push({ alias, ...exporterRecord(await loadExporterFile(path)), path });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      await io.note(`warning: ${error.message}`);
    }
  }
  return found;
}
