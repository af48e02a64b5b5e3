import type { ChannelOptions } from "../rpc/channel.ts";
import type { Endpoint } from "../rpc/endpoint.ts";
import { metadataValue } from "../rpc/metadata_value.ts";

/** How an exporter in the network is entered. */
export interface Access {
  /** Speaks plaintext, which anyone on the way can read and change; TLS by default. */
  insecure?: boolean;
  /** Certificates to trust, PEM; by default those of Deno. */
  ca?: string;
  /** What the exporter asks its clients for; never logged. */
  passphrase?: string;
}

/** The metadata in which a passphrase travels. */
const PASSPHRASE = "x-jumpstarter-passphrase";

/** The channel for an endpoint. On a Unix socket there is nothing to encrypt, and nobody to ask. */
export function channelOptions(endpoint: Endpoint, access: Access): ChannelOptions {
  if (endpoint.kind === "unix") return {};
  const { insecure = false, ca, passphrase } = access;
  return {
    ...(insecure ? {} : { tls: ca === undefined ? {} : { ca } }),
    ...(passphrase
      ? { metadata: { [PASSPHRASE]: metadataValue("the passphrase", passphrase) } }
      : {}),
  };
}
