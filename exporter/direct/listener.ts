import { flag, optional, path, text } from "@jumpstarter/lib/commands";
import type { Values } from "@jumpstarter/lib/commands";
import { UsageError } from "@jumpstarter/lib/errors";
import type { Endpoint, TlsIdentity } from "@jumpstarter/lib/rpc";
import { systemReason } from "@jumpstarter/lib/streams";

/** Options for serving in the network, without a controller. */
export const listenerOptions = {
  tlsGrpcListener: optional(text("serve clients at this address and port", "[HOST:]PORT")),
  tlsGrpcInsecure: flag("serve without TLS: anyone on the way can read and change all of it"),
  tlsCert: optional(path("the server's certificate, and those above it, PEM")),
  tlsKey: optional(path("the certificate's private key, PEM")),
  passphrase: optional(text("serve only who gives this; others on this machine may see it here")),
  passphraseFile: optional(path("serve only who gives what stands in this file")),
};

type ListenerFlags = Values<typeof listenerOptions>;

/** Where and how clients are served. */
export interface Listener {
  /** Address and port. */
  readonly endpoint: Endpoint & { kind: "tcp" };
  /** Speaks TLS; plaintext without it. */
  readonly tls?: TlsIdentity;
  /** What clients must give; never logged. */
  readonly passphrase?: string;
}

/**
 * The listener that a command line asks for; nothing without `--tls-grpc-listener`. Fails with
 * `UsageError` that names the options.
 */
export async function chosenListener(flags: ListenerFlags): Promise<Listener | undefined> {
  const { tlsGrpcListener: address, tlsGrpcInsecure: isInsecure, tlsCert, tlsKey } = flags;
  if (address === undefined) return refuseAlone(flags);
  const isSecure = tlsCert !== undefined && tlsKey !== undefined;
  if (isInsecure && (tlsCert !== undefined || tlsKey !== undefined)) {
    throw new UsageError("--tls-grpc-insecure excludes --tls-cert and --tls-key");
  }
  if (!isInsecure && !isSecure) {
    throw new UsageError(
      "--tls-grpc-listener needs --tls-cert and --tls-key, or --tls-grpc-insecure",
    );
  }
  const passphrase = await chosenPassphrase(flags);
  return {
    endpoint: parseListener(address),
    ...(isSecure ? { tls: await readIdentity(tlsCert, tlsKey) } : {}),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function refuseAlone(flags: ListenerFlags): undefined {
  const alone = Object.entries({
    "--tls-grpc-insecure": flags.tlsGrpcInsecure || undefined,
    "--tls-cert": flags.tlsCert,
    "--tls-key": flags.tlsKey,
    "--passphrase": flags.passphrase,
    "--passphrase-file": flags.passphraseFile,
  }).filter(([, value]) => value !== undefined);
  if (alone.length === 0) return;
  const names = alone.map(([name]) => name).join(", ");
  throw new UsageError(`${names}: only with --tls-grpc-listener [HOST:]PORT`);
}

/** The port stands behind the last colon; without a host, all of them. */
function parseListener(address: string): Listener["endpoint"] {
  const colon = address.lastIndexOf(":");
  const [host, digits] = [address.slice(0, Math.max(colon, 0)), address.slice(colon + 1)];
  if (!/^\d+$/.test(digits)) {
    throw new UsageError(`--tls-grpc-listener: port must be an integer, got '${digits}'`);
  }
  const port = Number(digits);
  if (port < 1 || port > 65_535) {
    throw new UsageError(`--tls-grpc-listener: port must be between 1 and 65535, got ${digits}`);
  }
  const hostname = host.replace(/^\[(.*)\]$/, "$1");
  return { kind: "tcp", hostname: hostname === "" ? "0.0.0.0" : hostname, port };
}

async function chosenPassphrase(flags: ListenerFlags): Promise<string | undefined> {
  const { passphrase, passphraseFile } = flags;
  if (passphrase !== undefined && passphraseFile !== undefined) {
    throw new UsageError("--passphrase and --passphrase-file exclude each other");
  }
  const chosen = passphraseFile === undefined
    ? passphrase
    : (await read("--passphrase-file", passphraseFile)).replace(/\r?\n$/, "");
  if (chosen === "") throw new UsageError("the passphrase is empty; anybody could give that");
  // What metadata can carry, and peers leave as it is.
  if (chosen !== undefined && !/^[\x20-\x7e]+$/.test(chosen)) {
    throw new UsageError("the passphrase may hold printable ASCII characters only");
  }
  if (chosen !== chosen?.trim()) throw new UsageError("the passphrase has a space at an end");
  return chosen;
}

async function readIdentity(certFile: string, keyFile: string): Promise<TlsIdentity> {
  const [cert, key] = [await read("--tls-cert", certFile), await read("--tls-key", keyFile)];
  try {
    // The one that looks at them before a client comes: node:tls takes anything.
    Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key }).close();
  } catch (cause) {
    throw new UsageError(
      `${certFile} and ${keyFile} are not a PEM certificate and its private key: ` +
        systemReason(cause),
      { cause },
    );
  }
  return { cert, key };
}

async function read(option: string, file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    throw new UsageError(`${option}: cannot read ${file}: ${systemReason(cause)}`, { cause });
  }
}
