import { UsageError } from "@jumpstarter/lib/errors";

/** The exporter file that a command line names, by alias or by path. */
export async function chosenFile(
  { exporter, exporterConfig }: {
    exporter: string | undefined;
    exporterConfig: string | undefined;
  },
): Promise<string> {
  if (exporter !== undefined && exporterConfig !== undefined) {
    throw new UsageError(
      "--exporter and --exporter-config exclude each other; give only one of them",
    );
  }
  if (exporterConfig !== undefined) return exporterConfig;
  if (exporter === undefined) {
    throw new UsageError("Specify one of: --exporter NAME, --exporter-config FILE");
  }
  const { findExporter } = await import("@jumpstarter/lib/config");
  return await findExporter(exporter);
}
