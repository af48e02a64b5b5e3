import { ConfigError } from "../errors.ts";
import type { DriverNode } from "./driver_node.ts";
import { Fields, type FileContext, type SectionRules } from "./fields.ts";
import { type Hooks, readHooks } from "./hooks.ts";
import { type Environment, processEnvironment } from "./locations.ts";
import { present } from "./present.ts";
import { readDrivers } from "./read_drivers.ts";
import type { YamlMap } from "./yaml_value.ts";

/** What an exporter file says. What it leaves out or empty is absent, or has its default. */
export interface ExporterFile {
  /** The file, as it was named. */
  readonly path: string;
  /** `metadata.name`, else `JMP_NAME`. */
  readonly name: string;
  /** `metadata.namespace`, else `JMP_NAMESPACE`. */
  readonly namespace?: string;
  /** The controller, `host:port`. */
  readonly endpoint?: string;
  /** Bearer token for the controller; never logged. */
  readonly token?: string;
  /** How the controller is trusted. */
  readonly tls: {
    /** The only trusted roots: a PEM bundle in base64. */
    readonly ca?: string;
    readonly insecure: boolean;
  };
  /** Options of the gRPC channels to controller and router. */
  readonly grpcOptions: Readonly<Record<string, string | number>>;
  /** Describes the device as a whole. */
  readonly description?: string;
  /** Is shown before an interactive shell. */
  readonly motd?: string;
  /** The device tree. */
  readonly export: ReadonlyMap<string, DriverNode>;
  /** What runs before and after a lease. */
  readonly hooks: Hooks;
  /** When an exporter that keeps failing gives up. */
  readonly failureDetection: {
    /** Consecutive short lives of the exporter after which it gives up. */
    readonly maxRapidFailures: number;
    /** Milliseconds; a life is short below this. */
    readonly rapidFailureWindow: number;
  };
  /** Stop after one lease. */
  readonly exitOnLeaseEnd: boolean;
  /** Sentences on what was passed over, with file and line. */
  readonly warnings: readonly string[];
}

const FILE: SectionRules = {
  keys: [
    "apiVersion",
    "kind",
    "metadata",
    "endpoint",
    "tls",
    "token",
    "grpcOptions",
    "description",
    "motd",
    "export",
    "hooks",
    "failureDetection",
    "exitOnLeaseEnd",
  ],
};
const METADATA: SectionRules = { keys: ["name", "namespace"], isStrict: true };
const TLS: SectionRules = { keys: ["ca", "insecure"] };
const FAILURE_DETECTION: SectionRules = {
  keys: ["maxRapidFailures", "rapidFailureWindow"],
  takesSnakeCase: true,
};

/**
 * Reads an exporter file.
 *
 * Fails with `ConfigError` that names file, line and key. Which drivers there are, and what their
 * `config` may hold, is not checked here.
 */
export async function loadExporterFile(
  path: string,
  options?: { env?: Environment },
): Promise<ExporterFile> {
  return await parseExporterFile(path, await readText(path), options);
}

/** Reads the text of an exporter file; see {@linkcode loadExporterFile}. */
export async function parseExporterFile(
  path: string,
  text: string,
  { env = processEnvironment }: { env?: Environment } = {},
): Promise<ExporterFile> {
  // The parser takes 45 ms to load, which those who only look for a file need not wait for.
  const { readYaml } = await import("./yaml_tree.ts");
  const warnings: string[] = [];
  return readFile({ file: path, warnings }, readYaml(path, text), env);
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : `the file cannot be read: ${error instanceof Error ? error.message : error}`;
    throw new ConfigError(`${path}: ${reason}`, { cause: error });
  }
}

function readFile(context: FileContext, map: YamlMap, env: Environment): ExporterFile {
  const file = new Fields(context, { file: context.file, line: map.line, path: "" }, map, FILE);
  file.literal("apiVersion", "jumpstarter.dev/v1alpha1");
  file.literal("kind", "ExporterConfig");
  const devices = file.map("export");
  return {
    path: context.file,
    ...readMetadata(file, env),
    ...present({
      endpoint: file.text("endpoint"),
      token: file.text("token"),
      description: file.text("description"),
      motd: file.text("motd"),
    }),
    tls: readTls(file),
    grpcOptions: file.each("grpcOptions", (options, key) => options.textOrNumber(key)),
    export: devices ? readDrivers(context, "export", devices) : new Map(),
    hooks: readHooks(file),
    failureDetection: readFailureDetection(file),
    exitOnLeaseEnd: file.flag("exitOnLeaseEnd") ?? false,
    warnings: context.warnings,
  };
}

function readMetadata(file: Fields, env: Environment): { name: string; namespace?: string } {
  const metadata = file.section("metadata", METADATA) ??
    file.refuse("metadata", 'is missing; it holds the exporter\'s "name" and "namespace"');
  const name = metadata.text("name") ?? env("JMP_NAME") ??
    file.refuse("metadata", 'has no "name", and JMP_NAME is not set');
  if (metadata.has("namespace")) {
    return { name, ...present({ namespace: metadata.text("namespace") }) };
  }
  const namespace = env("JMP_NAMESPACE") ??
    file.refuse("metadata", 'has no "namespace" (it may be null), and JMP_NAMESPACE is not set');
  return { name, namespace };
}

function readTls(file: Fields): ExporterFile["tls"] {
  const tls = file.section("tls", TLS);
  return {
    ...present({ ca: tls?.text("ca") || undefined }),
    insecure: tls?.flag("insecure") ?? false,
  };
}

function readFailureDetection(file: Fields): ExporterFile["failureDetection"] {
  const section = file.section("failureDetection", FAILURE_DETECTION);
  return {
    maxRapidFailures: section?.wholeNumber("maxRapidFailures") ?? 5,
    rapidFailureWindow: (section?.wholeNumber("rapidFailureWindow") ?? 60) * 1000,
  };
}
