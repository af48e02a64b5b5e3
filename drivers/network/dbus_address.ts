import { JumpstarterError } from "@jumpstarter/lib/errors";

/** Where a bus is listening. */
export type BusPlace = { readonly path: string } | {
  readonly hostname: string;
  readonly port: number;
};

/** What can be connected to, and what has to be known for it. */
const TRANSPORTS: Readonly<Record<string, (given: Map<string, string>) => BusPlace>> = {
  unix: (given) => ({ path: needed(given, "path") }),
  tcp(given) {
    const hostname = needed(given, "host");
    const port = Number(needed(given, "port"));
    if (!(Number.isInteger(port) && port > 0 && port < 65_536)) {
      throw new Error(`its port "${given.get("port")}" is no number from 1 to 65535`);
    }
    return { hostname, port };
  },
};

/**
 * Reads a D-Bus address: `unix:path=…` or `tcp:host=…,port=…`; of several, separated by `;`, the
 * first that can be understood. `source` says where the address comes from. Fails with a sentence
 * that names both.
 */
export function parseBusAddress(address: string, source: string): BusPlace {
  let fault: string | undefined;
  for (const part of address.split(";")) {
    try {
      return parse(part);
    } catch (error) {
      fault ??= (error as Error).message;
    }
  }
  throw new JumpstarterError(
    "config",
    `cannot find the bus by ${source} "${address}": ${fault}; ` +
      "use unix:path=PATH or tcp:host=HOST,port=PORT",
  );
}

function parse(address: string): BusPlace {
  const [, transport, rest] = /^([^:]*):(.*)$/s.exec(address) ?? [];
  if (transport === undefined) throw new Error("it names no transport");
  const read = Object.hasOwn(TRANSPORTS, transport) ? TRANSPORTS[transport] : undefined;
  if (read === undefined) throw new Error(`its transport "${transport}" is not supported`);
  return read(new Map(rest!.split(",").map(pair)));
}

function pair(text: string): [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw new Error(`"${text}" in it is no key=value`);
  try {
    return [key, decodeURIComponent(value!)];
  } catch {
    throw new Error(`"${text}" in it has a "%" that is no escape`);
  }
}

function needed(given: Map<string, string>, key: string): string {
  const value = given.get(key);
  if (!value) throw new Error(`it has no ${key}`);
  return value;
}
