import { type CommandIo, flag } from "@jumpstarter/lib/commands";
import { TimeoutError } from "@jumpstarter/lib/errors";
import type { KubernetesApi } from "@jumpstarter/lib/kubernetes";
import { setTimeout as delay } from "node:timers/promises";
import type { Credentials, Member } from "./member.ts";

/** How long a controller may take to make a credential, milliseconds. */
const PATIENCE = 10_000;
/** The time between two looks, milliseconds. */
const PAUSE = 100;
/** Where a lab keeps the certificate to trust. */
const AUTHORITY = "jumpstarter-service-ca-cert";

/** How connections are made by files that are written. */
export const tlsOption = { insecureTls: flag("do not verify the controller's certificate", "k") };

/** What is asked for. */
export interface CredentialOptions {
  /** Whether the controller's certificate is not to be verified. */
  readonly insecureTls: boolean;
  /** A token that is no longer good. */
  readonly notToken?: string | undefined;
}

/** What a controller says about one who connects, as far as it has said it yet. */
interface Status {
  readonly endpoint?: unknown;
  readonly credential?: { readonly name?: unknown };
}

/**
 * Reads what it takes to connect as a client or an exporter, once the controller has made it.
 *
 * @throws {KubernetesError} what the server refuses
 * @throws {TimeoutError} when there is nothing after ten seconds
 */
export async function readCredentials(
  cluster: KubernetesApi,
  member: Member,
  name: string,
  { insecureTls, notToken }: CredentialOptions,
  io: CommandIo,
): Promise<Credentials> {
  const { namespace } = cluster;
  const end = performance.now() + PATIENCE;
  for (;;) {
    const { secret, endpoint } = await statusOf(cluster, member, name);
    const token = secret === undefined ? undefined : await readToken(cluster, secret);
    if (token !== undefined && token !== notToken && endpoint !== undefined) {
      const tls = { ca: await readAuthority(cluster), insecure: insecureTls };
      return { namespace, name, endpoint, tls, token };
    }
    if (performance.now() > end) {
      throw new TimeoutError(
        `${member.kind.name} '${name}' has no ${notToken === undefined ? "" : "new "}token after ` +
          `${PATIENCE / 1_000} s, as if no controller ran for namespace '${namespace}'`,
      );
    }
    await delay(PAUSE, undefined, { signal: io.signal });
  }
}

/** The Secret of a client or an exporter, and its controller, as soon as they are known. */
export async function statusOf(
  cluster: KubernetesApi,
  { kind: { plural } }: Member,
  name: string,
): Promise<{ secret: string | undefined; endpoint: string | undefined }> {
  const { status } = await cluster.get(plural, name) as { status?: Status };
  return { secret: textIn(status?.credential?.name), endpoint: textIn(status?.endpoint) };
}

/** The token in a Secret, where there is one. */
export async function readToken(
  cluster: KubernetesApi,
  secret: string,
): Promise<string | undefined> {
  const found = await cluster.find("secrets", secret) as { data?: { token?: unknown } } | undefined;
  const token = textIn(found?.data?.token);
  return token === undefined ? undefined : new TextDecoder().decode(Uint8Array.fromBase64(token));
}

/** The certificate to trust in base64; empty for those that everybody trusts. */
async function readAuthority(cluster: KubernetesApi): Promise<string> {
  const found = await cluster.find("configmaps", AUTHORITY) as
    | { data?: Readonly<Record<string, unknown>> }
    | undefined;
  return new TextEncoder().encode(textIn(found?.data?.["ca.crt"]) ?? "").toBase64();
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
