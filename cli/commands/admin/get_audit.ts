import { optional, text } from "@jumpstarter/lib/commands";
import type { KubernetesObject } from "@jumpstarter/lib/kubernetes";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { outputOption, printOutput, table } from "@jumpstarter/lib/program/output";
import { clusterOptions, openCluster } from "./cluster.ts";

/** What an entry says, in the order of the columns. */
const COLUMNS = ["time", "exporter", "lease", "client", "severity", "message"] as const;

type Entry = Readonly<Partial<Record<typeof COLUMNS[number], string>>>;

/** `jmp admin get audit`. */
export const getAudit: CliCommand = cliCommand({
  does: "Show what happened: leases, and what exporters tell; the last 1,000 entries",
  options: {
    ...clusterOptions,
    exporter: optional(text("only of this exporter", "NAME")),
    lease: optional(text("only of this lease", "NAME")),
    client: optional(text("only of this client", "NAME")),
    severity: optional(text("only so severe, as warning", "WORD")),
    output: outputOption,
  },
  async run({ exporter, lease, client, severity, output, ...values }, io) {
    using cluster = await openCluster(values, io);
    const asked = Object.entries({ exporter, lease, client, severity });
    const fields = Object.fromEntries(asked.filter(([, value]) => value !== undefined));
    const { items } = await cluster.list("auditevents", fields as Record<string, string>);
    const entryOf = (object: KubernetesObject) => object.spec as Entry;
    await printOutput(io, output, {
      data: () => ({
        apiVersion: "jumpstarter.dev/v1alpha1",
        items,
        kind: "AuditEventList",
      }),
      names: () => items.map(({ metadata: { name } }) => `auditevent.jumpstarter.dev/${name}`),
      text: () =>
        items.length === 0 ? `No resources found in ${cluster.namespace} namespace.` : table(
          COLUMNS.map((column) => column.toUpperCase()),
          items.map((object) => COLUMNS.map((column) => entryOf(object)[column] ?? "")),
        ),
    });
  },
});
