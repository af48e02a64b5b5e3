import { type CryptoKey, decodeJwt, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { mustRun } from "./programs.ts";

/** Algorithms that issuers use. */
type Algorithm = "RS256" | "ES256" | "PS384";

/** What {@linkcode OidcIssuer.sign} takes beside claims. */
export interface SignOptions {
  readonly expiresIn?: number;
  readonly withKid?: boolean;
}

/** An OpenID Connect issuer on this machine, over HTTPS, with a certificate of a CA of its own. */
export class OidcIssuer implements AsyncDisposable {
  /** `https://localhost:PORT` */
  readonly url: string;
  /** The file with the certificate of its CA. */
  readonly ca: string;
  /** The paths that were asked for. */
  readonly requests: string[] = [];
  /** Those who may log in with a password, and what tokens say of them. */
  readonly users = new Map<string, { password: string; claims: Record<string, unknown> }>();
  /** Answers in the place of the issuer, for tests of bad ones. */
  answer: ((path: string) => Response | Promise<Response> | undefined) | undefined;
  #server: Deno.HttpServer<Deno.NetAddr>;
  #dir: string;
  #keys: { kid: string; alg: Algorithm; privateKey: CryptoKey; jwk: JWK }[] = [];

  private constructor(dir: string, cert: string, key: string) {
    this.#dir = dir;
    this.ca = `${dir}/ca.pem`;
    this.#server = Deno.serve(
      { hostname: "localhost", port: 0, cert, key, onListen() {} },
      (request) => this.#serve(request),
    );
    this.url = `https://localhost:${this.#server.addr.port}`;
  }

  static async start(alg: Algorithm = "RS256"): Promise<OidcIssuer> {
    const dir = await Deno.makeTempDir();
    await makeCertificates(dir);
    const [cert, key] = await Promise.all(
      ["server.pem", "server-key.pem"].map((file) => Deno.readTextFile(`${dir}/${file}`)),
    );
    const issuer = new OidcIssuer(dir, cert!, key!);
    await issuer.rotate(alg);
    return issuer;
  }

  /** Signs with a new key from now on; the old one is no longer published. */
  async rotate(alg: Algorithm = "RS256", { keepsOld = false } = {}): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const kid = crypto.randomUUID();
    const jwk = { ...await exportJWK(publicKey), kid, alg, use: "sig" };
    this.#keys = [{ kid, alg, privateKey, jwk }, ...keepsOld ? this.#keys : []];
  }

  /** An ID token with these claims. */
  async sign(
    claims: Record<string, unknown>,
    { expiresIn = 3600, withKid = true }: SignOptions = {},
  ): Promise<string> {
    const { kid, alg, privateKey } = this.#keys[0]!;
    const now = Math.floor(Date.now() / 1000);
    return await new SignJWT({ iss: this.url, iat: now, exp: now + expiresIn, ...claims })
      .setProtectedHeader({ alg, ...withKid && { kid } })
      .sign(privateKey);
  }

  async #serve(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    this.requests.push(path);
    const other = await this.answer?.(path);
    if (other !== undefined) return other;
    if (path === "/.well-known/openid-configuration") {
      return Response.json({
        issuer: this.url,
        jwks_uri: `${this.url}/keys`,
        token_endpoint: `${this.url}/token`,
      });
    }
    if (path === "/token") return await this.#grant(await request.formData());
    if (path === "/keys") return Response.json({ keys: this.#keys.map(({ jwk }) => jwk) });
    return new Response(null, { status: 404 });
  }

  /** Grants for a password (RFC 6749, 4.3), and for a token of this issuer (RFC 8693). */
  async #grant(form: FormData): Promise<Response> {
    const field = (name: string) => String(form.get(name) ?? "");
    const aud = field("client_id");
    const isExchange = field("grant_type").endsWith(":token-exchange");
    const name = isExchange ? decodeJwt(field("subject_token")).sub! : field("username");
    const user = this.users.get(name);
    if (user === undefined || (!isExchange && user.password !== field("password"))) {
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    }
    const token = await this.sign({ sub: name, aud, ...user.claims });
    return Response.json({ access_token: token, token_type: "bearer", expires_in: 3600 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await Deno.remove(this.#dir, { recursive: true });
  }
}

/** Makes `ca.pem`, and `server.pem` with `server-key.pem` signed by it. */
async function makeCertificates(dir: string): Promise<void> {
  const made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1".split(
    " ",
  );
  const ca = ["-keyout", `${dir}/ca-key.pem`, "-out", `${dir}/ca.pem`];
  await mustRun("openssl", ...made, "-subj", "/CN=Test CA", ...ca);
  await mustRun(
    "openssl",
    ...made,
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
    ...["-CA", `${dir}/ca.pem`, "-CAkey", `${dir}/ca-key.pem`],
    ...["-keyout", `${dir}/server-key.pem`, "-out", `${dir}/server.pem`],
  );
}
