import { type CommandIo, flag, optional, path, text, type Values } from "@jumpstarter/lib/commands";
import type { ClientValues } from "@jumpstarter/lib/config";
import { ConfigError, TimeoutError } from "@jumpstarter/lib/errors";
import type { KubernetesApi, KubernetesObject } from "@jumpstarter/lib/kubernetes";
import { ask } from "../../prompt.ts";
import type { AdminKind } from "./kinds.ts";

/** How long a controller may take to make a credential, milliseconds. */
const PATIENCE = 10_000;
/** The time between two looks, milliseconds. */
const PAUSE = 100;
/** Where a lab keeps the certificate to trust. */
const AUTHORITY = "jumpstarter-service-ca-cert";

/** What an object needs to connect. */
export type Credentials = Pick<ClientValues, "namespace" | "name" | "endpoint" | "tls" | "token">;

/** How connections are made by files that are written. */
export const tlsOption = { insecureTls: flag("do not verify the controller's certificate", "k") };

/** Which driver packages a client of the Python peer loads. */
export const driverOptions = {
  allow: optional(text("driver packages that a Python client may load, with commas", "LIST", "a")),
  unsafe: flag("a Python client may load any driver package"),
};

/** Where a file is written. */
export const outOption = { out: optional(path("write the file there")) };

/** Asks for as long as a controller may take; `what` is awaited. */
export async function awaitObject<T>(
  io: CommandIo,
  what: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) {
      throw new TimeoutError(
        `no ${what} within ${PATIENCE / 1_000} s; is a controller running for this namespace?`,
      );
    }
    await pause(io.signal);
  }
}

/** Reads what an object needs to connect, once the controller has made it. */
export async function readCredentials(
  cluster: KubernetesApi,
  { plural, name: kind }: AdminKind,
  name: string,
  insecure: boolean,
  io: CommandIo,
): Promise<Credentials> {
  const status = await awaitObject(io, `credential for ${kind} ${name}`, async () => {
    const { status } = await cluster.get(plural, name) as Json;
    return status?.credential?.name === undefined ? undefined : status;
  });
  const token = await awaitObject(io, `token for ${kind} ${name}`, async () => {
    return tokenIn(await cluster.find("secrets", status.credential.name));
  });
  const authority = await cluster.find("configmaps", AUTHORITY) as Json;
  const ca = new TextEncoder().encode(authority?.data?.["ca.crt"] ?? "").toBase64();
  const { namespace } = cluster;
  if (typeof status.endpoint !== "string") {
    throw new ConfigError(`${kind} ${name} has no endpoint yet; try again`);
  }
  return { namespace, name, endpoint: status.endpoint, tls: { ca, insecure }, token };
}

/** The token in a Secret, where there is one. */
export function tokenIn(secret: KubernetesObject | undefined): string | undefined {
  const token = (secret as Json)?.data?.token;
  if (typeof token !== "string" || token === "") return undefined;
  return new TextDecoder().decode(Uint8Array.fromBase64(token));
}

/** What a client's file says of driver packages; asked for where somebody is there to answer. */
export async function chooseDrivers(
  { allow, unsafe }: Values<typeof driverOptions>,
  mayAsk: boolean,
  io: CommandIo,
): Promise<ClientValues["drivers"]> {
  const isAsked = allow === undefined && !unsafe && mayAsk && io.input.isTerminal;
  const given = isAsked
    ? await ask(io, "Driver packages that a Python client may load (UNSAFE: any)", {
      isNeeded: false,
    })
    : allow ?? "";
  const packages = given.split(",").map((name) => name.trim()).filter(Boolean);
  const isUnsafe = unsafe || packages.includes("UNSAFE");
  return { allow: isUnsafe ? [] : packages, unsafe: isUnsafe };
}

// deno-lint-ignore no-explicit-any -- what a server sends
type Json = any;

function pause(signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal.reason);
  const timer = setTimeout(resolve, PAUSE);
  signal.addEventListener("abort", stop, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  });
}
