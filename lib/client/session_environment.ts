import type { Environment } from "../config/locations.ts";
import { ConfigError } from "../errors.ts";
import type { ChannelOptions } from "../rpc/channel.ts";
import { type Endpoint, parseEndpoint } from "../rpc/endpoint.ts";
import { systemReason } from "../streams/system_reason.ts";
import { type Access, channelOptions } from "./access.ts";
import { AllowList } from "./allow_list.ts";

/** Where a session is, and how it is entered. */
export interface SessionEnvironment {
  /** Where the exporter is reached. */
  readonly endpoint: Endpoint;
  /** How it is spoken to. */
  readonly channel: ChannelOptions;
  /** The driver clients that may be used. */
  readonly allowed: AllowList;
}

/** Variables that name a file of certificates to trust; the first one that is set counts. */
const CA_FILES = ["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "SSL_CERT_FILE"] as const;

/** The session that a `jmp shell` has put into the environment; nothing outside of one. */
export async function sessionEnvironment(
  env: Environment = (name) => Deno.env.get(name),
): Promise<SessionEnvironment | undefined> {
  const host = env("JUMPSTARTER_HOST");
  if (!host) return undefined;
  const endpoint = parseEndpoint(host);
  const channel = endpoint.kind === "unix" ? {} : channelOptions(endpoint, await accessOf(env));
  return { endpoint, channel, allowed: AllowList.parse(env("JMP_DRIVERS_ALLOW")) };
}

async function accessOf(env: Environment): Promise<Access> {
  const insecure = [env("JMP_GRPC_INSECURE"), env("JUMPSTARTER_GRPC_INSECURE")].includes("1");
  const ca = insecure ? undefined : await trustedCertificates(env);
  const passphrase = env("JMP_GRPC_PASSPHRASE");
  return {
    insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(passphrase ? { passphrase } : {}),
  };
}

/** The certificates that the environment has us trust, PEM; nothing when it names none. */
export async function trustedCertificates(
  env: Environment = (name) => Deno.env.get(name),
): Promise<string | undefined> {
  const variable = CA_FILES.find((name) => env(name));
  if (variable === undefined) return undefined;
  const file = env(variable)!;
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    throw new ConfigError(`${variable}: cannot read ${file}: ${systemReason(cause)}`, { cause });
  }
}
