import {
  type EmbeddedText,
  type Fields,
  type FileContext,
  readFields,
  type SectionRules,
} from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";
import { systemReason } from "@jumpstarter/lib/streams";
import type { ControllerConfig } from "./controller_config.ts";
import { AUTHENTICATION, LAB_KEYS, readLabSettings, readRouters } from "./lab_settings.ts";
import { readStart, START_KEYS } from "./start_settings.ts";

/** Larger files are not read, bytes. */
const MAX_SIZE = 1024 * 1024;

const FILE = { keys: [...START_KEYS, ...LAB_KEYS, "router"], isStrict: true };
const CONFIG = { keys: LAB_KEYS, isStrict: true };
const MANIFEST = { keys: ["apiVersion", "kind", "metadata", "data"] };
const DATA = { keys: ["config", "router", "authentication"] };
const LEGACY = { keys: ["apiVersion", "kind", "internal", "jwt"], isStrict: true };

/**
 * Reads a configuration file.
 *
 * @throws {ConfigError} naming file, line and key
 */
export async function loadControllerFile(path: string): Promise<ControllerConfig> {
  let text: string;
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_SIZE) throw new Error(`it is larger than ${MAX_SIZE} bytes`);
    text = await Deno.readTextFile(path);
  } catch (cause) {
    throw new ConfigError(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  }
  return await parseControllerFile(path, text);
}

/**
 * Reads the text of a configuration file: our own, or the ConfigMap of a Go controller.
 *
 * @throws {ConfigError} naming file, line and key
 */
export async function parseControllerFile(path: string, text: string): Promise<ControllerConfig> {
  const context = { file: path, warnings: [] };
  const isManifest = (await readFields(context, text, {})).has("kind");
  if (isManifest) return await readConfigMap(context, await readFields(context, text, MANIFEST));
  const file = await readFields(context, text, FILE);
  const { live, internalPrefix } = await readLabSettings(context, authenticationOf(file), file);
  const router = file.optionalSection("router", {});
  return {
    start: { ...readStart(file), ...(internalPrefix && { internalPrefix }) },
    live: { ...live, routers: router ? readRouters(router) : [] },
    warnings: context.warnings,
  };
}

/** Reads the manifest that configures a Go controller, as it is in its cluster. */
async function readConfigMap(context: FileContext, manifest: Fields): Promise<ControllerConfig> {
  manifest.literal("kind", "ConfigMap");
  const data = manifest.optionalSection("data", DATA) ?? manifest.refuse("data", "is missing");
  const [router, config, legacy] = ["router", "config", "authentication"].map((key) =>
    data.embedded(key)
  );
  if (!config && !legacy) data.refuse("config", "is missing");
  const read = ({ text, line }: EmbeddedText, rules: SectionRules) =>
    readFields(context, text, rules, line);
  // What was the whole configuration once takes the place of what it is now.
  const file = await read(legacy ? { ...legacy, text: "" } : config!, CONFIG);
  const authentication = legacy ? await read(legacy, LEGACY) : authenticationOf(file);
  const { live, internalPrefix } = await readLabSettings(context, authentication, file);
  return {
    start: internalPrefix === undefined ? {} : { internalPrefix },
    live: { ...live, routers: router ? readRouters(await read(router, {})) : [] },
    warnings: context.warnings,
  };
}

function authenticationOf(file: Fields): Fields | undefined {
  return file.optionalSection("authentication", AUTHENTICATION);
}
