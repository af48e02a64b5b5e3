import { isIP } from "node:net";
import { UsageError } from "@jumpstarter/lib/errors";
import type { ListenAddress } from "./services/mod.ts";

/** The name or address that is listened on; `undefined` when that is all there are. */
export function nameOf({ hostname }: Pick<ListenAddress, "hostname">): string | undefined {
  return ["0.0.0.0", "::"].includes(hostname) ? undefined : hostname;
}

/**
 * Reads a name or address of a machine.
 *
 * @throws {UsageError} when it is none
 */
export function parseHost(host: string): string {
  const isHost = isIP(host) !== 0 || /^[\w-]+(\.[\w-]+)*$/.test(host);
  if (isHost && nameOf({ hostname: host }) !== undefined) return host;
  throw new UsageError(
    `--host: "${host}" is no name or address of a machine; write for example lab.example.com, ` +
      "without scheme and port",
  );
}

/**
 * Reads where to listen, `HOST:PORT` or `:PORT`.
 *
 * @throws {UsageError} naming the option
 */
export function parseAddress(option: string, text: string): ListenAddress {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new UsageError(`${option}: "${text}" is no HOST:PORT; write for example 0.0.0.0:8082`);
  }
  return { kind: "tcp", hostname: bracketed ?? (plain || "0.0.0.0"), port: Number(port) };
}
