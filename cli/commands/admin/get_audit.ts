import { flag, optional, text } from "@jumpstarter/lib/commands";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { outputOption } from "@jumpstarter/lib/program/output";
import { clusterOptions } from "./cluster.ts";
import { show } from "./get.ts";
import { AUDIT } from "./kinds.ts";

/** `jmp admin get audit`. */
export const getAudit: CliCommand = cliCommand({
  does: "Show what happened: leases, and what exporters tell; the last 1,000 entries",
  options: {
    ...clusterOptions,
    exporter: optional(text("only of this exporter", "NAME")),
    lease: optional(text("only of this lease", "NAME")),
    client: optional(text("only of this client", "NAME")),
    severity: optional(text("only so severe, as warning", "WORD")),
    watch: flag("show what comes, too, until Ctrl-C", "w"),
    output: outputOption,
  },
  async run({ exporter, lease, client, severity, ...values }, io) {
    const asked = Object.entries({ exporter, lease, client, severity });
    const fields = Object.fromEntries(asked.filter(([, value]) => value !== undefined));
    await show(AUDIT, { ...values, fields: fields as Record<string, string> }, io);
  },
});
