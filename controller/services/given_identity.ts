import { createPrivateKey, X509Certificate } from "node:crypto";
import { ConfigError } from "@jumpstarter/lib/errors";
import { systemReason } from "@jumpstarter/lib/streams";
import type { TlsIdentity } from "@jumpstarter/lib/rpc";
import { isPem } from "../config/mod.ts";
import type { Identity } from "./identity.ts";

/** Files with a certificate that others have made. */
export interface CertificateFiles {
  /** The certificate, and those above it, PEM. */
  readonly cert: string;
  /** Its private key, PEM. */
  readonly key: string;
  /** What clients and exporters have to trust, PEM or a file of it; nothing without it. */
  readonly ca?: string;
}

/**
 * Reads a certificate that is given.
 *
 * @throws {ConfigError} when a file cannot be read, the key is another one's, or the time is over
 */
export async function readGivenIdentity(
  files: CertificateFiles,
  now: number = Date.now(),
): Promise<Identity> {
  const caFile = files.ca === undefined || isPem(files.ca) ? undefined : files.ca;
  const [cert, key, ca] = await Promise.all([
    read(files.cert),
    read(files.key),
    caFile === undefined ? files.ca ?? "" : read(caFile),
  ]);
  checkCertificate({ cert, key }, files, now);
  return { cert, key, ca, caFile: caFile ?? "" };
}

/**
 * Checks that a certificate can be shown.
 *
 * @param from where certificate and key come from, for messages
 * @throws {ConfigError} when it is none, the key is another one's, or the time is over
 */
export function checkCertificate(
  { cert, key }: TlsIdentity,
  from: { readonly cert: string; readonly key: string },
  now: number = Date.now(),
): void {
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(cert);
  } catch (cause) {
    throw new ConfigError(`${from.cert} holds no certificate in PEM`, { cause });
  }
  if (Date.parse(parsed.validTo) < now) {
    throw new ConfigError(`the certificate in ${from.cert} has expired on ${parsed.validTo}`);
  }
  if (!isKeyOf(parsed, key)) {
    throw new ConfigError(`${from.key} is not the key of the certificate in ${from.cert}`);
  }
}

/** The files among them that may change. */
export function filesOf({ cert, key, ca }: CertificateFiles): string[] {
  return [cert, key, ...ca === undefined || isPem(ca) ? [] : [ca]];
}

function isKeyOf(cert: X509Certificate, key: string): boolean {
  try {
    return cert.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false; // it is no key at all
  }
}

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new ConfigError(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  }
}
