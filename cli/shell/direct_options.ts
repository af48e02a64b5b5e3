import { type Access, type NetworkEndpoint, networkEndpoint } from "@jumpstarter/lib/client";
import { flag, optional, path, text, type Values } from "@jumpstarter/lib/commands";
import { UsageError } from "@jumpstarter/lib/errors";
import { systemReason } from "@jumpstarter/lib/streams";

/** Options of `jmp shell` for an exporter in the network. */
export const directOptions = {
  tlsGrpc: optional(text("connect to the exporter that serves at this address", "HOST:PORT")),
  tlsGrpcInsecure: flag("without TLS: anyone on the way can read and change all of it"),
  tlsCa: optional(path("trust the certificates in this file, PEM, and no others")),
  passphrase: optional(
    text("what the exporter asks for; JMP_GRPC_PASSPHRASE hides it from others on this machine"),
  ),
};

type DirectFlags = Values<typeof directOptions>;

/** An exporter in the network, and how it is entered. */
export interface DirectTarget {
  readonly endpoint: NetworkEndpoint;
  readonly access: Access;
  /** The file that the access's certificates are from, when an option has named it. */
  readonly caFile?: string;
}

/** The exporter that a command line asks for; nothing without `--tls-grpc`. */
export async function chosenTarget(
  flags: DirectFlags,
  passphraseVariable: string | undefined = Deno.env.get("JMP_GRPC_PASSPHRASE"),
): Promise<DirectTarget | undefined> {
  const { tlsGrpc: address, tlsGrpcInsecure: insecure, tlsCa } = flags;
  if (address === undefined) return refuseAlone(flags);
  const endpoint = asOption(() => networkEndpoint(address));
  if (insecure && tlsCa !== undefined) {
    throw new UsageError("--tls-grpc-insecure excludes --tls-ca");
  }
  const passphrase = flags.passphrase ?? passphraseVariable;
  const caFile = tlsCa === undefined ? undefined : await Deno.realPath(tlsCa).catch(unreadable);
  const ca = caFile === undefined ? undefined : await Deno.readTextFile(caFile).catch(unreadable);
  return {
    endpoint,
    access: {
      insecure,
      ...(ca === undefined ? {} : { ca }),
      ...(passphrase ? { passphrase } : {}),
    },
    ...(caFile === undefined ? {} : { caFile }),
  };

  function unreadable(cause: unknown): never {
    throw new UsageError(`--tls-ca: cannot read ${tlsCa}: ${systemReason(cause)}`, { cause });
  }
}

function asOption<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new UsageError(`--tls-grpc: ${(cause as Error).message}`, { cause });
  }
}

function refuseAlone(flags: DirectFlags): undefined {
  const alone = Object.entries({
    "--tls-grpc-insecure": flags.tlsGrpcInsecure || undefined,
    "--tls-ca": flags.tlsCa,
    "--passphrase": flags.passphrase,
  }).filter(([, value]) => value !== undefined);
  if (alone.length === 0) return;
  const names = alone.map(([name]) => name).join(", ");
  throw new UsageError(`${names}: only with --tls-grpc HOST:PORT`);
}
