import { driverClass, driverTypes } from "@jumpstarter/drivers";
import { nearest } from "@jumpstarter/lib/config";
import { Driver, type DriverClass } from "@jumpstarter/lib/driver";
import { ConfigError } from "@jumpstarter/lib/errors";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The driver class that a `type` of an exporter file names: one of ours, or `MODULE#NAME`, a class
 * that a module exports. `./…`, `../…` and `/…` are paths, seen from the file; `npm:…`, `jsr:…` and
 * `https:…` go to Deno as they are. Fails with `ConfigError`, without the place in the file.
 */
export async function findDriverClass(type: string, file: string): Promise<DriverClass> {
  const known = await driverClass(type);
  if (known !== undefined) return known;
  const [, module, name] = /^((?:\.{0,2}\/|[a-z]+:).*)#([\p{L}_$][\p{L}\p{N}_$]*)$/u.exec(type) ??
    [];
  if (module === undefined || name === undefined) throw notInstalled(type);
  return classIn(await load(module, file), module, name);
}

async function load(module: string, file: string): Promise<Record<string, unknown>> {
  const isPath = /^\.{0,2}\//.test(module);
  const specifier = isPath ? pathToFileURL(resolve(dirname(file), module)).href : module;
  try {
    return await import(specifier);
  } catch (cause) {
    const reason = (cause as Error).message.split("\n")[0];
    throw new ConfigError(`cannot load the driver module ${module}: ${reason}`, { cause });
  }
}

function classIn(exports: Record<string, unknown>, module: string, name: string): DriverClass {
  const found = exports[name];
  if (found === undefined) {
    const near = nearest(name, Object.keys(exports));
    const hint = near === undefined ? "" : `. Did you mean "${near}"?`;
    throw new ConfigError(`${module} exports no "${name}"${hint}`);
  }
  if (typeof found !== "function" || !(found.prototype instanceof Driver)) {
    throw new ConfigError(
      `"${name}" of ${module} does not extend the Driver of this Jumpstarter; ` +
        `import it from the same version of @jumpstarter/lib/driver`,
    );
  }
  if (typeof (found as unknown as DriverClass).client !== "string") {
    throw new ConfigError(
      `"${name}" of ${module} has no \`static client\`, so nobody knows which client fits it`,
    );
  }
  return found as unknown as DriverClass;
}

function notInstalled(type: string): ConfigError {
  const near = nearest(type, driverTypes());
  const hint = near === undefined
    ? " A driver of your own is named ./module.ts#Name."
    : ` Did you mean "${near}"?`;
  return new ConfigError(
    `Driver '${type}' is not installed. Please check exporter configuration.${hint}`,
  );
}
