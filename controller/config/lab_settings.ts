import { dirname } from "node:path";
import {
  type Fields,
  type FileContext,
  formatPosition,
  type SectionRules,
} from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";
import { parseGoDuration } from "@jumpstarter/lib/lease";
import { parseEndpoint } from "../addresses.ts";
import { checkIssuer, ISSUER, type IssuerConfig, readIssuer } from "../auth/mod.ts";
import {
  DEFAULT_SETTINGS,
  type LiveSettings,
  RECORD_SEVERITIES,
  type RouterEntry,
  type TelemetrySettings,
} from "./controller_config.ts";

const section = (...keys: string[]): SectionRules => ({ keys, isStrict: true });
/** The keys below `authentication`. */
export const AUTHENTICATION: SectionRules = section("internal", "k8s", "jwt");
const INTERNAL = section("prefix", "tokenLifetime");
const ENABLED = section("enabled");
const GRPC = section("keepalive");
const KEEPALIVE_TIMES = [
  "minTime",
  "timeout",
  "intervalTime",
  "maxConnectionIdle",
  "maxConnectionAge",
  "maxConnectionAgeGrace",
];
const KEEPALIVE = section("permitWithoutStream", ...KEEPALIVE_TIMES);
const LEASE_POLICY = section("maxTags");
const LABELS = section("keys");
const TELEMETRY = section("enabled", "endpoint", "certificate", "logging");
const LOGGING = section("filter");
const FILTER = section("min_severity");
/** The Go controller passes over keys that it does not know here. */
const ROUTER: SectionRules = { keys: ["endpoint", "labels"] };

/** The keys of the Go controller's configuration. */
export const LAB_KEYS: readonly string[] = [
  "authentication",
  "provisioning",
  "grpc",
  "leasePolicy",
  "hiddenLabels",
  "deprecatedLabels",
  "telemetry",
];

/** What the Go controller's configuration says here. */
export interface LabConfig {
  /** What takes effect while the controller runs, but for routers. */
  readonly live: Omit<LiveSettings, "routers">;
  /** The prefix of usernames in tokens of the controller's own. */
  readonly internalPrefix?: string;
}

/**
 * Reads the Go controller's configuration: what it says of authentication, and of all the rest.
 *
 * @throws {ConfigError} naming file, line and key
 */
export async function readLabSettings(
  { file: path, warnings }: FileContext,
  authentication: Fields | undefined,
  file: Fields,
): Promise<LabConfig> {
  authentication?.optionalSection("k8s", ENABLED)?.flag("enabled");
  const internal = authentication?.optionalSection("internal", INTERNAL);
  const internalPrefix = internal?.text("prefix") || undefined;
  const tokenLifetime = internal && readDuration(internal, "tokenLifetime");
  if (tokenLifetime !== undefined && tokenLifetime <= 0) {
    internal!.refuse("tokenLifetime", "must be more than zero; leave it out for 365 days");
  }
  warnOfKeepalive(file, warnings);
  const telemetry = readTelemetry(file);
  return {
    live: {
      issuers: await readIssuers(authentication, dirname(path), internalPrefix),
      ...(tokenLifetime && { tokenLifetime }),
      provisioning: file.optionalSection("provisioning", ENABLED)?.flag("enabled") ?? false,
      maxTags: readMaxTags(file),
      hiddenLabels: file.optionalSection("hiddenLabels", LABELS)?.words("keys") ?? [],
      deprecatedLabels: file.optionalSection("deprecatedLabels", LABELS)?.texts("keys") ?? {},
      ...(telemetry && { telemetry }),
    },
    ...(internalPrefix && { internalPrefix }),
  };
}

/** Reads the routers of a section by name. */
export function readRouters(routers: Fields): RouterEntry[] {
  return routers.keys.map((name) => {
    const router = routers.section(name, ROUTER)!;
    const endpoint = router.required("endpoint");
    checkAddress(router, endpoint);
    return { endpoint, labels: router.texts("labels") };
  });
}

async function readIssuers(
  authentication: Fields | undefined,
  folder: string,
  internalPrefix: string | undefined,
): Promise<IssuerConfig[]> {
  const rules = { folder, ...(internalPrefix && { internalPrefix }) };
  const entries = authentication?.sections("jwt", ISSUER) ?? [];
  return await Promise.all(entries.map(async (entry) => {
    const issuer = readIssuer(entry, rules);
    try {
      await checkIssuer(issuer);
      return issuer;
    } catch (cause) {
      if (!(cause instanceof ConfigError)) throw cause;
      const { position } = entry;
      throw new ConfigError(`${formatPosition(position)}: ${position.path}: ${cause.message}`, {
        cause,
      });
    }
  }));
}

function readMaxTags(file: Fields): number {
  const policy = file.optionalSection("leasePolicy", LEASE_POLICY);
  const maxTags = policy?.wholeNumber("maxTags") ?? DEFAULT_SETTINGS.maxTags;
  return maxTags >= 0 ? maxTags : policy!.refuse("maxTags", `is ${maxTags}, less than zero`);
}

/** Checks what has no effect here as well: a file that is wrong is wrong. */
function warnOfKeepalive(file: Fields, warnings: string[]): void {
  const grpc = file.optionalSection("grpc", GRPC);
  const keepalive = grpc?.optionalSection("keepalive", KEEPALIVE);
  if (keepalive === undefined || keepalive.keys.length === 0) return;
  keepalive.flag("permitWithoutStream");
  for (const key of KEEPALIVE_TIMES) readDuration(keepalive, key);
  warnings.push(
    `${formatPosition(keepalive.position)}: grpc.keepalive has no effect: peers may ping as they ` +
      "like, and silent ones are looked after every 5 s",
  );
}

function readTelemetry(file: Fields): TelemetrySettings | undefined {
  const telemetry = file.optionalSection("telemetry", TELEMETRY);
  if (!telemetry?.flag("enabled")) return undefined;
  const minSeverity = telemetry.optionalSection("logging", LOGGING)
    ?.optionalSection("filter", FILTER)?.choice("min_severity", RECORD_SEVERITIES) ?? "info";
  const endpoint = telemetry.text("endpoint");
  const certificate = telemetry.text("certificate");
  if (certificate && !endpoint) {
    telemetry.refuse("certificate", "is for another endpoint than the controller's; name that");
  }
  if (endpoint) checkAddress(telemetry, endpoint);
  return { ...endpoint && { endpoint }, ...certificate && { certificate }, minSeverity };
}

function checkAddress(fields: Fields, endpoint: string): void {
  try {
    parseEndpoint("endpoint", endpoint);
  } catch {
    fields.refuse("endpoint", `is "${endpoint}", no HOST:PORT`);
  }
}

/** A duration as Go writes it, in ms. */
function readDuration(fields: Fields, key: string): number | undefined {
  const value = fields.textOrNumber(key);
  if (value === undefined || value === "") return undefined;
  const [, days] = /^(\d+)d$/.exec(String(value)) ?? [];
  if (days !== undefined) {
    fields.refuse(key, `is "${value}", but a day is no unit; write ${Number(days) * 24}h`);
  }
  try {
    return parseGoDuration(String(value));
  } catch (cause) {
    fields.refuse(key, (cause as Error).message);
  }
}
