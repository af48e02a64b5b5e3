import { isIP } from "node:net";
import { UsageError } from "@jumpstarter/lib/errors";
import type { Endpoint } from "@jumpstarter/lib/rpc";

/** A TCP port of a machine. */
type Address = Endpoint & { readonly kind: "tcp" };

/** The name or address that is listened on; `undefined` when that is all there are. */
export function nameOf({ hostname }: Pick<Address, "hostname">): string | undefined {
  return ["0.0.0.0", "::"].includes(hostname) ? undefined : hostname;
}

/**
 * Reads a name or address of a machine.
 *
 * @throws {UsageError} when it is none, naming the option
 */
export function parseHost(host: string, option = "--host"): string {
  const isHost = isIP(host) !== 0 || /^[\w-]+(\.[\w-]+)*$/.test(host);
  if (isHost && nameOf({ hostname: host }) !== undefined) return host;
  throw new UsageError(
    `${option}: "${host}" is no name or address of a machine; write for example ` +
      "lab.example.com, without scheme and port",
  );
}

/**
 * Reads where to listen, `HOST:PORT` or `:PORT`.
 *
 * @throws {UsageError} naming the option
 */
export function parseAddress(option: string, text: string): Address {
  const address = split(text);
  if (address !== undefined) return address;
  throw new UsageError(`${option}: "${text}" is no HOST:PORT; write for example 0.0.0.0:8082`);
}

/**
 * Reads where something is found, `HOST:PORT`.
 *
 * @throws {UsageError} naming the option
 */
export function parseEndpoint(option: string, text: string): Address {
  const address = split(text);
  if (address === undefined || address.port === 0 || /^:/.test(text)) {
    throw new UsageError(
      `${option}: "${text}" is no HOST:PORT; write for example lab.example.com:8082`,
    );
  }
  parseHost(address.hostname, option);
  return address;
}

/**
 * Reads the name of a namespace.
 *
 * @throws {UsageError} naming the option
 */
export function parseNamespace(option: string, text: string): string {
  if (text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)) return text;
  throw new UsageError(
    `${option}: "${text}" is no name of a namespace: small letters, digits and "-", 63 at most`,
  );
}

function split(text: string): Address | undefined {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) return undefined;
  return { kind: "tcp", hostname: bracketed ?? (plain || "0.0.0.0"), port: Number(port) };
}
