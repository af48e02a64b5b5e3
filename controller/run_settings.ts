import { UsageError } from "@jumpstarter/lib/errors";
import { nameOf, parseAddress, parseEndpoint, parseHost, parseNamespace } from "./addresses.ts";
import type { StartSettings } from "./config/mod.ts";
import type { ListenAddress } from "./services/mod.ts";

/** What holds when nothing else says otherwise. */
export const DEFAULTS = {
  listen: "0.0.0.0:8082",
  routerListen: "0.0.0.0:8083",
  adminListen: "127.0.0.1:8084",
  namespace: "default",
} satisfies StartSettings;

/** What a controller starts with. */
export interface RunSettings extends
  Pick<
    StartSettings,
    | "endpoint"
    | "routerEndpoint"
    | "loginEndpoint"
    | "certificate"
    | "internalPrefix"
    | "legacyTokens"
  > {
  /** Where clients and exporters are served. */
  readonly listen: ListenAddress;
  /** Where their tunnels meet; nowhere in this process without it. */
  readonly routerListen: ListenAddress | undefined;
  /** Where it is administered. */
  readonly adminListen: ListenAddress;
  /** Where metrics and health are read. */
  readonly metricsListen: ListenAddress | undefined;
  /** Where the page for logins is served. */
  readonly loginListen: ListenAddress | undefined;
  /** The name or address by which this machine is found. */
  readonly host: string;
  /** The namespace of all objects. */
  readonly namespace: string;
}

/** What flags say, by their names; a flag that is not there is `undefined`. */
export type FlagValues =
  & { readonly [Key in keyof StartSettings]?: StartSettings[Key] | undefined }
  & { readonly [Key in "cert" | "key" | "ca"]?: string | undefined };

/**
 * Decides what holds, of flags, the file, and the environment: the first of them that says something.
 *
 * @throws {UsageError} naming the flag that cannot be used
 */
export function runSettings(
  flags: FlagValues,
  file: StartSettings = {},
  environment: StartSettings = {},
): RunSettings {
  const start = [DEFAULTS, environment, file, flagSettings(flags)].reduce(over) as
    & typeof DEFAULTS
    & StartSettings;
  const { endpoint, routerEndpoint, namespace } = start;
  const at = endpoint === undefined ? undefined : parseEndpoint("--endpoint", endpoint);
  if (routerEndpoint !== undefined) parseEndpoint("--router-endpoint", routerEndpoint);
  const listen = parseAddress("--listen", start.listen);
  const optional = (option: string, text: string | undefined) =>
    text === undefined ? undefined : parseAddress(option, text);
  return {
    ...start,
    listen,
    routerListen: start.routerListen === "none"
      ? undefined
      : parseAddress("--router-listen", start.routerListen),
    adminListen: parseAddress("--admin-listen", start.adminListen),
    metricsListen: optional("--metrics-listen", start.metricsListen),
    loginListen: optional("--login-listen", start.loginListen),
    host: start.host === undefined
      ? at?.hostname ?? nameOf(listen) ?? Deno.hostname()
      : parseHost(start.host),
    namespace: parseNamespace("--namespace", namespace),
  };
}

/** The keys in which two starts differ; nothing for none. */
export function changedKeys(one: StartSettings, other: StartSettings): string | undefined {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof StartSettings>;
  const differs = (key: keyof StartSettings) =>
    JSON.stringify(one[key]) !== JSON.stringify(other[key]);
  return [...keys].filter(differs).join(", ") || undefined;
}

/** What a stronger one says over a weaker one. A host is another machine than that of an endpoint. */
function over(weak: StartSettings, strong: StartSettings): StartSettings {
  if (strong.host === undefined) return { ...weak, ...strong };
  const { endpoint: _, routerEndpoint: __, ...rest } = weak;
  return { ...rest, ...strong };
}

function flagSettings({ cert, key, ca, legacyTokens, ...flags }: FlagValues): StartSettings {
  const isCertificate = cert !== undefined || key !== undefined || ca !== undefined;
  if (isCertificate && (cert === undefined || key === undefined)) {
    throw new UsageError("--cert and --key go together: a certificate is no use without its key");
  }
  return {
    ...Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)),
    ...(legacyTokens && { legacyTokens }),
    ...(isCertificate && { certificate: { cert: cert!, key: key!, ...(ca && { ca }) } }),
  };
}
