import { dirname, resolve } from "node:path";
import { type Fields, formatPosition, type SectionRules } from "@jumpstarter/lib/config";
import { ConfigError, UsageError } from "@jumpstarter/lib/errors";
import { parseAddress, parseEndpoint, parseHost, parseNamespace } from "../addresses.ts";
import type { StartSettings } from "./controller_config.ts";

/** What is checked of the texts that flags say, too. */
const TEXTS = {
  listen: parseAddress,
  routerListen: (key: string, text: string) => text === "none" || parseAddress(key, text),
  adminListen: parseAddress,
  metricsListen: parseAddress,
  loginListen: parseAddress,
  loginEndpoint: () => {},
  host: (key: string, text: string) => parseHost(text, key),
  endpoint: parseEndpoint,
  routerEndpoint: parseEndpoint,
  namespace: parseNamespace,
} satisfies Partial<
  Record<keyof StartSettings, (key: string, text: string) => unknown>
>;
const CERTIFICATE: SectionRules = { keys: ["cert", "key", "ca"], isStrict: true };

/** The keys of a file that are ours alone. */
export const START_KEYS: readonly string[] = [...Object.keys(TEXTS), "certificate", "legacyTokens"];

/** Reads what a file says about the start; the names of files in it begin in its folder. */
export function readStart(file: Fields): StartSettings {
  const texts = Object.entries(TEXTS).map(([key, check]) => [key, checkedText(file, key, check)]);
  const certificate = file.optionalSection("certificate", CERTIFICATE);
  const folder = dirname(file.position.file);
  const ca = certificate?.text("ca");
  const legacyTokens = file.flag("legacyTokens");
  return {
    ...Object.fromEntries(texts.filter(([, text]) => text !== undefined)),
    ...(certificate && {
      certificate: {
        cert: resolve(folder, certificate.required("cert")),
        key: resolve(folder, certificate.required("key")),
        ...(ca && { ca: isPem(ca) ? ca : resolve(folder, ca) }),
      },
    }),
    ...(legacyTokens !== undefined && { legacyTokens }),
  };
}

/** Whether a text is what files in PEM hold, rather than the name of one. */
export function isPem(text: string): boolean {
  return text.includes("-----BEGIN ");
}

function checkedText(
  file: Fields,
  key: string,
  check: (key: string, text: string) => unknown,
): string | undefined {
  const text = file.text(key);
  if (!text) return undefined;
  try {
    check(key, text);
    return text;
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new ConfigError(`${formatPosition(file.at(key))}: ${cause.message}`, { cause });
  }
}
