import { isIP } from "node:net";
import * as tls from "node:tls";
import type { Endpoint } from "../rpc/endpoint.ts";

/** Milliseconds that finding out may take. */
const PROBE_TIME = 2_000;

/** What a server speaks, as far as a handshake tells. */
export interface PeerSpeech {
  /** Whether it speaks TLS. */
  readonly isTls: boolean;
  /** Why its certificate is not good; absent when it is, and in plaintext. */
  readonly fault?: string;
}

/** What TLS makes of a server that speaks something else. */
const NOT_TLS = "ERR_SSL_WRONG_VERSION_NUMBER";

/** Finds out what a server speaks; nothing when it does not say. */
export async function peerSpeech(
  { hostname, port }: Endpoint & { kind: "tcp" },
  ca: string | undefined,
): Promise<PeerSpeech | undefined> {
  const found = Promise.withResolvers<PeerSpeech | undefined>();
  const socket = tls.connect({
    host: hostname,
    port,
    ...(isIP(hostname) ? {} : { servername: hostname }),
    ...(ca === undefined ? {} : { ca }),
    ALPNProtocols: ["h2"],
    rejectUnauthorized: false,
  });
  socket.on("secureConnect", () => {
    const { authorizationError } = socket;
    found.resolve({
      isTls: true,
      ...(authorizationError ? { fault: faultOf(socket, hostname) } : {}),
    });
  });
  socket.on(
    "error",
    (error: { code?: string }) =>
      found.resolve(error.code === NOT_TLS ? { isTls: false } : undefined),
  );
  const timer = setTimeout(() => found.resolve(undefined), PROBE_TIME);
  try {
    return await found.promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** A sentence on a certificate that is not trusted. */
function faultOf(socket: tls.TLSSocket, hostname: string): string {
  const code = String(socket.authorizationError);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = socket.getPeerCertificate().subjectaltname ?? "nobody";
    return `its certificate is for ${names}, not for ${hostname}; connect by a name that it holds`;
  }
  if (code === "CERT_HAS_EXPIRED") return "its certificate has expired";
  return `its certificate is not trusted (${code}); ` +
    "name the CA that has signed it with --tls-ca (in a script: ca)";
}
