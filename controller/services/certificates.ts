/** Makes certificates; loaded when there is one to make. */
import * as x509 from "@peculiar/x509";
import type { TlsIdentity } from "@jumpstarter/lib/rpc";
import { isIP } from "node:net";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 60 * 60 * 1_000;
const AUTHORITY_LIFETIME = 3_650 * DAY;
const SERVER_LIFETIME = 825 * DAY;
/** Certificates are good for clocks that are this much behind. */
const LEEWAY = 60 * 60 * 1_000;
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

/** Makes a CA that signs server certificates, and nothing below. */
export async function makeAuthority(): Promise<TlsIdentity> {
  const keys = await makeKeys();
  const usage = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    ...common(AUTHORITY_LIFETIME),
    name: "CN=Jumpstarter lab CA",
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(usage, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: pemOf(cert), key: await exportKey(keys) };
}

/** Makes a server certificate for names and addresses, good for so long, in ms. */
export async function makeServerCertificate(
  ca: TlsIdentity,
  hosts: readonly string[],
  lifetime: number = SERVER_LIFETIME,
): Promise<TlsIdentity> {
  const authority = new x509.X509Certificate(ca.cert);
  const keys = await makeKeys();
  const names = hosts.map((host) =>
    ({ type: isIP(host) === 0 ? "dns" : "ip", value: host }) as const
  );
  const cert = await x509.X509CertificateGenerator.create({
    ...common(lifetime),
    subject: "CN=Jumpstarter controller",
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(ca.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  return { cert: pemOf(cert), key: await exportKey(keys) };
}

function common(lifetime: number) {
  const serial = crypto.getRandomValues(new Uint8Array(16));
  serial[0] = serial[0]! & 0x7f | 0x40; // above zero, and without a leading zero
  return {
    serialNumber: serial.toHex(),
    notBefore: new Date(Date.now() - LEEWAY),
    notAfter: new Date(Date.now() + lifetime),
    signingAlgorithm: ALGORITHM,
  };
}

async function makeKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as CryptoKeyPair;
}

async function exportKey({ privateKey }: CryptoKeyPair): Promise<string> {
  const bytes = await crypto.subtle.exportKey("pkcs8", privateKey);
  return `${x509.PemConverter.encode(bytes, "PRIVATE KEY")}\n`;
}

async function importKey(pem: string): Promise<CryptoKey> {
  return await crypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(pem),
    ALGORITHM,
    false,
    ["sign"],
  );
}

function pemOf(cert: x509.X509Certificate): string {
  return `${cert.toString("pem")}\n`;
}
