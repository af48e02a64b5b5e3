import { connect } from "node:tls";
import { mustRun } from "./programs.ts";

/** Files of a certificate and its key, PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Makes a certificate for this machine that signs itself, with openssl, in a folder. */
export async function selfSigned(dir: string, name = "server"): Promise<CertificateFiles> {
  const [cert, key] = [`${dir}/${name}.pem`, `${dir}/${name}-key.pem`];
  await mustRun(
    "openssl",
    ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1".split(" "),
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    ...["-keyout", key, "-out", cert],
  );
  return { cert, key };
}

/** Connects to `host:port`; rejects when its certificate is not by what `ca` trusts. */
export async function verified(endpoint: string, ca: string): Promise<void> {
  const { hostname: host, port } = new URL(`https://${endpoint}`);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(
    { host, port: Number(port), ca, ALPNProtocols: ["h2", "http/1.1"] },
    () => {
      socket.destroy();
      resolve();
    },
  );
  socket.on("error", reject);
  await promise;
}
