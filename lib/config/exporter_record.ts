import type { DriverNode } from "./driver_node.ts";
import type { ExporterFile } from "./exporter_file.ts";
import type { Hook } from "./hooks.ts";
import { present } from "./present.ts";

/** The values of an exporter file, all but those that have defaults of their own. */
export type ExporterValues =
  & Pick<ExporterFile, "name">
  & Partial<Omit<ExporterFile, "path" | "warnings" | "name">>;

/**
 * An exporter file as plain data: every section in camel case, in the order of the documentation,
 * what is not set as `null` or empty. {@linkcode formatExporterFile} makes text of it.
 */
export function exporterRecord(file: ExporterValues): Record<string, unknown> {
  const { maxRapidFailures = 5, rapidFailureWindow = 60_000 } = file.failureDetection ?? {};
  return {
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind: "ExporterConfig",
    metadata: { namespace: file.namespace ?? null, name: file.name },
    endpoint: file.endpoint ?? null,
    tls: { ca: file.tls?.ca ?? "", insecure: file.tls?.insecure ?? false },
    token: file.token ?? null,
    grpcOptions: file.grpcOptions ?? {},
    description: file.description ?? null,
    motd: file.motd ?? null,
    export: nodes(file.export ?? new Map()),
    hooks: {
      beforeLease: hook(file.hooks?.beforeLease),
      afterLease: hook(file.hooks?.afterLease),
    },
    failureDetection: { maxRapidFailures, rapidFailureWindow: rapidFailureWindow / 1000 },
    exitOnLeaseEnd: file.exitOnLeaseEnd ?? false,
  };
}

/** The text of an exporter file, which reads back equal, with us and with the Python peer. */
export async function formatExporterFile(file: ExporterValues): Promise<string> {
  const { stringify } = await import("yaml");
  // Python reads YAML 1.1, where `on` and `1:30` are no text without quotes.
  return stringify(exporterRecord(file), {
    version: "1.1",
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

function nodes(children: ReadonlyMap<string, DriverNode>): Record<string, unknown> {
  return Object.fromEntries([...children].map(([name, child]) => [name, node(child)]));
}

function node(given: DriverNode): Record<string, unknown> {
  if (given.kind === "proxy") return { ref: given.ref };
  const children = nodes(given.children);
  if (given.kind === "group") return { children };
  const { type, config, description, methodsDescription } = given;
  return {
    type,
    config,
    children,
    ...present({ description }),
    methods_description: methodsDescription,
  };
}

function hook(given: Hook | undefined): Record<string, unknown> | null {
  if (given === undefined) return null;
  const { script, exec, timeout, onFailure } = given;
  return { script, ...present({ exec }), timeout: timeout / 1000, onFailure };
}
