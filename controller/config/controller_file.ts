import { ConfigError } from "@jumpstarter/lib/errors";
import { parse } from "yaml";
import { ConfigNode, readIssuers } from "../auth/mod.ts";
import {
  type ControllerConfig,
  DEFAULT_SETTINGS,
  type LiveSettings,
  type RouterEntry,
  type StartSettings,
} from "./controller_config.ts";

/** Larger files are not read, bytes. */
const MAX_SIZE = 1024 * 1024;
const SEVERITIES = ["debug", "info", "warning", "error", "critical"];
/** What the flags say, too. */
const START = [
  "listen",
  "routerListen",
  "adminListen",
  "metricsListen",
  "loginListen",
  "loginEndpoint",
  "host",
  "namespace",
] as const;
/** What the configuration of the Go controller has. */
const THEIRS = [
  "authentication",
  "provisioning",
  "grpc",
  "leasePolicy",
  "hiddenLabels",
  "deprecatedLabels",
  "telemetry",
] as const;
const KEEPALIVE = [
  "minTime",
  "timeout",
  "intervalTime",
  "maxConnectionIdle",
  "maxConnectionAge",
  "maxConnectionAgeGrace",
];

/**
 * Reads a configuration file.
 *
 * @throws {ConfigError} naming the file and the key that is wrong
 */
export async function loadControllerFile(path: string): Promise<ControllerConfig> {
  let text: string;
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_SIZE) throw new Error(`it is larger than ${MAX_SIZE} bytes`);
    text = await Deno.readTextFile(path);
  } catch (cause) {
    throw new ConfigError(`cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
  try {
    return parseControllerFile(text);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError(`${path}: ${cause.message}`, { cause });
  }
}

/**
 * Reads the text of a configuration file: our own, or the ConfigMap of a Go controller.
 *
 * @throws {ConfigError} naming the key that is wrong
 */
export function parseControllerFile(text: string): ControllerConfig {
  const value = yaml(text) ?? {};
  if (typeof value === "object" && (value as { kind?: unknown }).kind === "ConfigMap") {
    return readConfigMap(value);
  }
  const file = new ConfigNode(value, "", [...START, ...THEIRS, "router", "certificate"]);
  return configOf(file, readRouters(file, "router"), readStart(file));
}

/** Reads the manifest that configures a Go controller, as it is in its cluster. */
function readConfigMap(value: object): ControllerConfig {
  const manifest = new ConfigNode(value, "", ["apiVersion", "kind", "metadata", "data"]);
  const data = manifest.map("data", ["config", "router", "authentication"]) ??
    manifest.refuse("data", "is missing");
  const router = { router: yaml(data.text("router") ?? "") ?? {} };
  const routers = readRouters(new ConfigNode(router, "data", ["router"]), "router");
  const legacy = data.text("authentication");
  const config = legacy === undefined
    ? new ConfigNode(yaml(data.text("config") ?? "") ?? {}, "data.config", THEIRS)
    : new ConfigNode({ authentication: readLegacy(legacy) }, "data", THEIRS);
  return configOf(config, routers, {});
}

/** What was the whole configuration once: who is trusted. */
function readLegacy(text: string): Record<string, unknown> {
  const keys = ["apiVersion", "kind", "internal", "jwt"];
  const node = new ConfigNode(yaml(text) ?? {}, "data.authentication", keys);
  return { internal: node.raw("internal"), jwt: node.raw("jwt") };
}

function configOf(
  file: ConfigNode,
  routers: readonly RouterEntry[],
  start: StartSettings,
): ControllerConfig {
  const authentication = file.map("authentication", ["internal", "k8s", "jwt"]);
  const internal = authentication?.map("internal", ["prefix", "tokenLifetime"]);
  const internalPrefix = internal?.word("prefix");
  const tokenLifetime = internal?.duration("tokenLifetime");
  if (tokenLifetime !== undefined && tokenLifetime <= 0) {
    internal!.refuse("tokenLifetime", "must be more than zero; leave it out for 365 days");
  }
  const live: LiveSettings = {
    issuers: readIssuers(authentication?.raw("jwt"), "authentication.jwt", {
      ...(internalPrefix && { internalPrefix }),
    }),
    ...(tokenLifetime && { tokenLifetime }),
    provisioning: file.map("provisioning", ["enabled"])?.flag("enabled") ?? false,
    maxTags: file.map("leasePolicy", ["maxTags"])?.count("maxTags") ?? DEFAULT_SETTINGS.maxTags,
    hiddenLabels: file.map("hiddenLabels", ["keys"])?.words("keys") ?? [],
    deprecatedLabels: file.map("deprecatedLabels", ["keys"])?.texts("keys") ?? {},
    routers,
  };
  return {
    start: { ...start, ...(internalPrefix && { internalPrefix }) },
    live,
    warnings: withoutEffect(file, authentication),
  };
}

/** Checks what has no effect here as well: a file that is wrong is wrong. */
function withoutEffect(file: ConfigNode, authentication: ConfigNode | undefined): string[] {
  const warnings: string[] = [];
  authentication?.map("k8s", ["enabled"])?.flag("enabled");
  const keepalive = file.map("grpc", ["keepalive"])
    ?.map("keepalive", [...KEEPALIVE, "permitWithoutStream"]);
  keepalive?.flag("permitWithoutStream");
  for (const key of KEEPALIVE) keepalive?.duration(key);
  if (keepalive !== undefined) {
    warnings.push("grpc.keepalive has no effect: peers may ping as they like");
  }
  const telemetry = file.map("telemetry", ["enabled", "endpoint", "certificate", "logging"]);
  if (telemetry?.flag("enabled")) {
    const filter = telemetry.map("logging", ["filter"])?.map("filter", ["min_severity"]);
    const severity = filter?.word("min_severity");
    if (severity !== undefined && !SEVERITIES.includes(severity)) {
      filter!.refuse("min_severity", `must be one of ${SEVERITIES.join(", ")}`);
    }
    warnings.push("telemetry has no effect: this controller takes no logs of exporters yet");
  }
  return warnings;
}

function readRouters(file: ConfigNode, key: string): RouterEntry[] {
  return file.each(key, ["endpoint", "labels"]).map(([, router]) => ({
    endpoint: checkEndpoint(router),
    labels: router.texts("labels"),
  }));
}

function checkEndpoint(router: ConfigNode): string {
  const endpoint = router.required("endpoint");
  if (/^(\[[^\]]+\]|[^:\s/]+):\d{1,5}$/.test(endpoint)) return endpoint;
  router.refuse("endpoint", `is no host:port: ${endpoint}`);
}

function readStart(file: ConfigNode): StartSettings {
  const given = START.map((key) => [key, file.word(key)] as const);
  const certificate = file.map("certificate", ["cert", "key", "ca"]);
  const ca = certificate?.word("ca");
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(certificate && {
      certificate: {
        cert: certificate.required("cert"),
        key: certificate.required("key"),
        ...(ca && { ca }),
      },
    }),
  };
}

function yaml(text: string): unknown {
  try {
    return parse(text, { logLevel: "error" });
  } catch (cause) {
    const [reason = ""] = (cause as Error).message.split("\n");
    throw new ConfigError(`it is not YAML: ${reason.replace(/:$/, "")}`, { cause });
  }
}
