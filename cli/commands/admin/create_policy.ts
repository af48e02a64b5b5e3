import {
  integer,
  optional,
  type Parameter,
  repeated,
  text,
  withDefault,
} from "@jumpstarter/lib/commands";
import { type LabelSelector, parseGoDuration, toStoredSelector } from "@jumpstarter/lib/lease";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { outputOption, printOutput, table } from "@jumpstarter/lib/program/output";
import { clusterOptions, nameOf, openCluster } from "./cluster.ts";
import { POLICY, resourceName } from "./kinds.ts";

const ALL: LabelSelector = {};

/** `jmp admin create policy`. */
export const createPolicy: CliCommand = cliCommand({
  does: "Say which clients may lease which exporters; what no policy allows is then forbidden",
  arguments: { name: nameOf("name of the policy") },
  options: {
    ...clusterOptions,
    exporters: withDefault(selector("labels of the exporters; all unless given"), ALL),
    clients: repeated(
      selector("labels of clients that are let in, any number of times; all unless given"),
    ),
    priority: withDefault(integer("of those who wait, the higher one is served first"), 0),
    maximumDuration: optional(duration("the longest lease, such as 2h30m")),
    description: optional(text("told to clients that are not let in")),
    output: outputOption,
  },
  async run({ name, output, clients, exporters, ...values }, io) {
    const { maximumDuration, description, priority } = values;
    using cluster = await openCluster(values, io);
    const isFirst = (await cluster.list(POLICY.plural)).items.length === 0;
    const object = await cluster.create(POLICY.plural, {
      apiVersion: "jumpstarter.dev/v1alpha1",
      kind: POLICY.kind,
      metadata: { name },
      spec: {
        exporterSelector: exporters,
        policies: [{
          from: (clients.length === 0 ? [ALL] : clients).map((clientSelector) => ({
            clientSelector,
          })),
          priority,
          ...(maximumDuration === undefined ? {} : { maximumDuration }),
          ...(description === undefined ? {} : { description }),
        }],
      },
    });
    if (isFirst) {
      await io.note("note: with this first policy, what no policy allows can no longer be leased");
    }
    await printOutput(io, output, {
      data: () => object,
      names: () => [resourceName(POLICY, name)],
      text: () => table(POLICY.header, POLICY.rows(object, Date.now())),
    });
  },
});

function selector(does: string): Parameter<LabelSelector> {
  return {
    ...text(does, "SELECTOR") as Parameter<unknown> as Parameter<LabelSelector>,
    defaultText: "all",
    parse: toStoredSelector,
  };
}

/** A duration, checked here and sent as it was typed. */
function duration(does: string): Parameter<string> {
  return {
    ...text(does, "DURATION"),
    parse(given) {
      if (parseGoDuration(given) > 0) return given;
      throw new Error(`"${given}" is no duration above zero`);
    },
  };
}
