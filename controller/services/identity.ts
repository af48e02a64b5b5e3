import { createPrivateKey, X509Certificate } from "node:crypto";
import type { TlsIdentity } from "@jumpstarter/lib/rpc";
import { writeAtomically } from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";

/** Who a controller is in TLS, and where that is kept. */
export interface Identity extends TlsIdentity {
  /** The file with the certificate that clients and exporters have to trust. */
  readonly caFile: string;
  /** That certificate, PEM. */
  readonly ca: string;
}

/** A server certificate with less left is made anew, in ms. */
const RENEW_BEFORE = 90 * 24 * 60 * 60 * 1_000;
/** The mode of certificates, which are no secrets. */
const FOR_ALL = 0o644;

/**
 * The certificates in a folder: a CA of its own, and a server certificate for `hosts` by it. What is
 * not there is made; a server certificate that lacks a host, or nears its end, is made anew by the
 * same CA, so that whoever trusts the CA need not care.
 *
 * @throws {ConfigError} when the CA's key is not there, and a certificate has to be made
 */
export async function loadIdentity(
  dir: string,
  hosts: readonly string[],
  now: number = Date.now(),
): Promise<Identity> {
  const files = {
    ca: `${dir}/ca.pem`,
    caKey: `${dir}/ca-key.pem`,
    cert: `${dir}/server.pem`,
    key: `${dir}/server-key.pem`,
  };
  let ca = await readIfThere(files.ca);
  if (ca === undefined) {
    const { makeAuthority } = await import("./certificates.ts");
    const made = await makeAuthority();
    await writeAtomically(files.caKey, made.key);
    await writeAtomically(files.ca, made.cert, FOR_ALL);
    ca = made.cert;
  }
  const [cert, key] = [await readIfThere(files.cert), await readIfThere(files.key)];
  if (cert !== undefined && key !== undefined && isGood({ cert, key }, ca, hosts, now)) {
    return { cert, key, ca, caFile: files.ca };
  }
  const caKey = await readIfThere(files.caKey);
  if (caKey === undefined) {
    throw new ConfigError(
      `${files.cert} is missing, about to expire, or not for ${hosts.join(", ")}, and ` +
        `${files.caKey} is not there to make a new one; put it back, or remove ${files.ca} to ` +
        "begin with a new CA that clients and exporters have to trust anew",
    );
  }
  const { makeServerCertificate } = await import("./certificates.ts");
  const made = await makeServerCertificate({ cert: ca, key: caKey }, hosts);
  await writeAtomically(files.key, made.key);
  await writeAtomically(files.cert, made.cert, FOR_ALL);
  return { ...made, ca, caFile: files.ca };
}

/** Whether a server certificate is by the CA, with its key, for all hosts, and good for some time. */
function isGood(
  { cert: pem, key }: TlsIdentity,
  ca: string,
  hosts: readonly string[],
  now: number,
): boolean {
  try {
    const cert = new X509Certificate(pem);
    return cert.verify(new X509Certificate(ca).publicKey) &&
      cert.checkPrivateKey(createPrivateKey(key)) &&
      Date.parse(cert.validTo) - now > RENEW_BEFORE &&
      hosts.every((host) => isNamed(cert, host));
  } catch {
    return false; // a damaged one is made anew
  }
}

function isNamed({ subjectAltName = "" }: X509Certificate, host: string): boolean {
  const names = subjectAltName.split(", ").map((name) => name.replace(/^(DNS|IP Address):/, ""));
  return names.some((name) => canonical(name) === canonical(host));
}

/** One spelling for every IPv6 address. */
function canonical(host: string): string {
  return host.includes(":")
    ? new URL(`http://[${host}]`).hostname.slice(1, -1)
    : host.toLowerCase();
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
