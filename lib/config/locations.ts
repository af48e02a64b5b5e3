import { ConfigError } from "../errors.ts";
import { nearest } from "./nearest.ts";

/** Looks an environment variable up. */
export type Environment = (name: string) => string | undefined;

/** Where to look for exporter files. */
export interface LocationOptions {
  /** The environment; by default that of this process. */
  env?: Environment;
  /** The directory for all users; by default `/etc/jumpstarter/exporters`. */
  systemDir?: string;
}

const SYSTEM_DIR = "/etc/jumpstarter/exporters";

/** The environment of this process. */
export const processEnvironment: Environment = (name) => Deno.env.get(name);

/**
 * The directory of a person's configuration: `JMP_CLIENT_CONFIG_HOME`, else `jumpstarter` in
 * `XDG_CONFIG_HOME` or in `~/.config`.
 */
export function configHome(env: Environment = processEnvironment): string {
  const own = env("JMP_CLIENT_CONFIG_HOME");
  if (own) return own;
  const xdg = env("XDG_CONFIG_HOME");
  if (xdg) return `${xdg}/jumpstarter`;
  const home = env("HOME") ?? env("USERPROFILE");
  if (home) return `${home}/.config/jumpstarter`;
  throw new ConfigError(
    "no place for configuration files: set HOME, XDG_CONFIG_HOME or JMP_CLIENT_CONFIG_HOME",
  );
}

/** The directories that hold exporter files, the first looked into first. */
export function exporterDirs(
  { env, systemDir = SYSTEM_DIR }: LocationOptions = {},
): { user: string; system: string } {
  return { user: `${configHome(env)}/exporters`, system: systemDir };
}

/** Where the file of an alias may be, in both directories. */
export function exporterPaths(
  alias: string,
  options?: LocationOptions,
): { user: string; system: string } {
  const { user, system } = exporterDirs(options);
  return { user: `${user}/${alias}.yaml`, system: `${system}/${alias}.yaml` };
}

/** Refuses an alias that would lead out of the directories, with `ConfigError`. */
export function checkAlias(alias: string, kind: "exporter" | "client" = "exporter"): void {
  if (alias !== "" && alias !== "." && alias !== ".." && !/[/\\]/.test(alias)) return;
  throw new ConfigError(
    `Invalid ${kind} alias '${alias}': must not contain path separators or be '.' / '..'`,
  );
}

/**
 * The file of an exporter: the user's own if there is one, else the system's.
 *
 * Fails with `ConfigError` for an impossible alias, and when there is no such file.
 */
export async function findExporter(alias: string, options?: LocationOptions): Promise<string> {
  checkAlias(alias);
  const { user, system } = exporterPaths(alias, options);
  if (await fileExists(user)) return user;
  if (await fileExists(system)) return system;
  const near = nearest(alias, (await listExporters(options)).keys());
  const hint = near === undefined ? "" : `. Did you mean "${near}"?`;
  throw new ConfigError(
    `there is no exporter "${alias}": neither ${user} nor ${system} exists${hint}`,
  );
}

/** The exporters of both directories: path by alias, sorted; the user's own hides the system's. */
export async function listExporters(options?: LocationOptions): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const { user, system } = exporterDirs(options);
  for (const dir of [system, user]) {
    for (const name of await namesIn(dir)) {
      if (name.endsWith(".yaml")) found.set(name.slice(0, -".yaml".length), `${dir}/${name}`);
    }
  }
  return new Map([...found].sort(([a], [b]) => a < b ? -1 : 1));
}

async function namesIn(dir: string): Promise<string[]> {
  const entries = await unlessMissing(dir, () => Array.fromAsync(Deno.readDir(dir)));
  return (entries ?? []).map(({ name }) => name);
}

/** Whether there is a file; fails with `ConfigError` when that cannot be told. */
export async function fileExists(path: string): Promise<boolean> {
  return await unlessMissing(path, () => Deno.stat(path)) !== undefined;
}

async function unlessMissing<T>(path: string, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    const reason = error instanceof Error ? error.message : error;
    throw new ConfigError(`${path} cannot be read: ${reason}`, { cause: error });
  }
}
