import { flag, integer, optional, repeated, text, withDefault } from "@jumpstarter/lib/commands";
import { UsageError } from "@jumpstarter/lib/errors";
import { parseGoDuration, toStoredSelector } from "@jumpstarter/lib/lease";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { outputOption, printOutput, table } from "@jumpstarter/lib/program/output";
import { clusterOptions, openCluster } from "./cluster.ts";
import { POLICY, resourceName } from "./kinds.ts";

/** `jmp admin create policy`. */
export const createPolicy: CliCommand = cliCommand({
  does: "Say which clients may lease which exporters; with a policy, all others may not",
  arguments: { name: text("name of the policy", "NAME") },
  options: {
    ...clusterOptions,
    exporters: withDefault(text("labels of the exporters; all unless given", "SELECTOR"), ""),
    clients: repeated(text("labels of clients that are let in; all unless given", "SELECTOR")),
    priority: withDefault(integer("whose turn it is: the greater one's"), 0),
    maximumDuration: optional(text("the longest lease, as 2h30m", "DURATION")),
    spotAccess: flag("only while nobody else asks"),
    description: optional(text("told to clients that are not let in")),
    output: outputOption,
  },
  async run({ name, output, ...values }, io) {
    const { maximumDuration, description, priority, spotAccess } = values;
    if (maximumDuration !== undefined && parseDuration(maximumDuration) <= 0) {
      throw new UsageError(`--maximum-duration: "${maximumDuration}" is no time`);
    }
    const clients = values.clients.length === 0 ? [""] : values.clients;
    const policy = {
      from: clients.map((text) => ({ clientSelector: toStoredSelector(text) })),
      priority,
      ...(maximumDuration && { maximumDuration }),
      ...(spotAccess && { spotAccess }),
      ...(description && { description }),
    };
    using cluster = await openCluster(values, io);
    const object = await cluster.create(POLICY.plural, {
      apiVersion: "jumpstarter.dev/v1alpha1",
      kind: POLICY.kind,
      metadata: { name },
      spec: { exporterSelector: toStoredSelector(values.exporters), policies: [policy] },
    });
    await printOutput(io, output, {
      data: () => object,
      names: () => [resourceName(POLICY, name)],
      text: () => table(POLICY.header, POLICY.rows(object, Date.now())),
    });
  },
});

function parseDuration(text: string): number {
  try {
    return parseGoDuration(text);
  } catch (cause) {
    throw new UsageError(`--maximum-duration: ${(cause as Error).message}`, { cause });
  }
}
