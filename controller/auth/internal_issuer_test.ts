import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { INTERNAL_ISSUER, InternalIssuer, type InternalIssuerOptions } from "./internal_issuer.ts";
import { legacyPublicKey } from "./legacy_key.ts";
import { readPublicKey, SigningKey } from "./signing_key.ts";
import { signClaims } from "./token.ts";
import { TokenVerifier } from "./token_verifier.ts";

const NOW = Date.parse("2026-01-02T03:04:05.678Z");
const DAY = 86_400_000;
const CLIENT = { metadata: { namespace: "lab", name: "c1", uid: "u-1" } };
const KEY = await SigningKey.generate();

async function issuerWith(
  options: Partial<InternalIssuerOptions> = {},
): Promise<{ issuer: InternalIssuer; verify: TokenVerifier["verify"] }> {
  const issuer = await InternalIssuer.open({
    key: KEY,
    isRevoked: () => false,
    now: () => NOW,
    ...options,
  });
  const verifier = await TokenVerifier.open({ internal: issuer });
  return { issuer, verify: (token) => verifier.verify(token) };
}

Deno.test("a token says issuer, subject, audience, times and its own name", async () => {
  const { issuer, verify } = await issuerWith();
  const { token, jti, expires } = await issuer.issue("Client", CLIENT);
  const iat = Math.floor(NOW / 1000);
  assert.deepEqual(decodeProtectedHeader(token), { alg: "ES256", typ: "JWT" });
  assert.deepEqual(decodeJwt(token), {
    iss: "https://localhost:8085",
    sub: "client:lab:c1:u-1",
    aud: ["jumpstarter"],
    iat,
    exp: iat + 365 * 86_400,
    jti,
  });
  assert.equal(expires, (iat + 365 * 86_400) * 1000);
  assert.deepEqual(await verify(token), {
    username: "internal:client:lab:c1:u-1",
    isInternal: true,
    expires,
  });
  const another = await issuer.issue("Exporter", CLIENT);
  assert.notEqual(another.jti, jti);
  assert.equal((await verify(another.token)).username, "internal:exporter:lab:c1:u-1");
});

Deno.test("tokens last as long as configured, and are good wherever the key is [controller 108]", async () => {
  const stored = (await SigningKey.generate()).exportText();
  const [first, second] = [await SigningKey.read(stored), await SigningKey.read(stored)];
  const iat = Math.floor(NOW / 1000);
  for (const [lifetime, seconds] of [[2 * DAY / 24, 7_200], [undefined, 365 * 86_400]] as const) {
    const { issuer } = await issuerWith({ key: first, ...lifetime && { lifetime } });
    const { verify } = await issuerWith({ key: second });
    const { token } = await issuer.issue("Client", CLIENT);
    assert.equal(decodeJwt(token).exp, iat + seconds);
    await verify(token);
  }
  for (const lifetime of [0, -1, NaN, Infinity]) {
    await assert.rejects(issuerWith({ lifetime }), { code: "config", message: /tokenLifetime/ });
  }
});

Deno.test("an expired token is refused in words that make clients log in again [controller 102]", async () => {
  const time = { now: NOW };
  const { issuer, verify } = await issuerWith({ lifetime: 60_000, now: () => time.now });
  const { token, expires } = await issuer.issue("Client", CLIENT);
  time.now = expires - 1;
  await verify(token);
  time.now = expires;
  await assert.rejects(verify(token), {
    status: "UNKNOWN",
    details: "oidc: verify token: oidc: token is expired (Token Expiry: 2026-01-02T03:05:05.000Z)",
  });
});

Deno.test("a token that a newer one replaced is refused", async () => {
  const current = new Map<string, string>();
  const { issuer, verify } = await issuerWith({
    isRevoked: (jti, subject) => current.get(subject) !== jti,
  });
  const old = await issuer.issue("Client", CLIENT);
  await assert.rejects(verify(old.token), /is revoked/);
  current.set("client:lab:c1:u-1", old.jti);
  await verify(old.token);
  const rotated = await issuer.issue("Client", CLIENT);
  current.set("client:lab:c1:u-1", rotated.jti);
  await verify(rotated.token);
  await verify(rotated.token);
  await assert.rejects(verify(old.token), {
    status: "UNKNOWN",
    details: "oidc: verify token: the token is revoked: a newer one took its place",
  });
  const down = await issuerWith({
    isRevoked: () =>
      Promise.reject(Object.assign(new Error("locked"), { reason: "ServiceUnavailable" })),
  });
  await assert.rejects(down.verify(old.token), { status: "UNAVAILABLE", details: /locked$/ });
});

Deno.test("tokens of other keys, audiences and subjects are refused", async () => {
  const { verify } = await issuerWith();
  const claims = {
    iss: INTERNAL_ISSUER,
    sub: "client:lab:c1:u-1",
    aud: ["jumpstarter"],
    exp: NOW / 1000 + 60,
  };
  const stranger = (await SigningKey.generate()).privateKey;
  const sign = (changes: object, key: CryptoKey = KEY.privateKey) =>
    signClaims({ ...claims, ...changes }, key, "ES256");
  const secret = new TextEncoder().encode(JSON.stringify(KEY.publicJwk));
  const rows: [string, RegExp][] = [
    [await sign({}, stranger), /^oidc: verify token: failed to verify signature$/],
    [await signClaims(claims, secret, "HS256"), /^oidc: verify token: failed to verify signature$/],
    [await sign({ aud: ["https://jumpstarter.dev/router"] }), /expected audience "jumpstarter"/],
    [await sign({ aud: undefined }), /expected audience "jumpstarter"/],
    [await sign({ sub: undefined }), /has no subject/],
    [await sign({ exp: undefined }), /no usable exp/],
    [await sign({ exp: "9999999999" }), /no usable exp/],
    [await sign({ exp: -1e300 }), /token is expired/],
    [await sign({ nbf: NOW / 1000 + 1 }), /not valid yet/],
    [await sign({ nbf: "now" }), /not valid yet/],
    [await sign({ iss: "https://localhost:8086" }), /^failed to authenticate token$/],
    [await sign({ iss: undefined }), /^failed to authenticate token$/],
  ];
  await verify(await sign({}));
  for (const [token, details] of rows) {
    await assert.rejects(verify(token), { status: "UNKNOWN", details });
  }
});

Deno.test("tokens of a former key are good only where it is named", async () => {
  const former = await SigningKey.generate();
  const { token } = await (await issuerWith({ key: former })).issuer.issue("Client", CLIENT);
  const { verify, issuer } = await issuerWith({
    alsoAccepts: [legacyPublicKey("test"), former.publicJwk],
  });
  await verify(token);
  assert.equal(issuer.jwks().keys.length, 1);
  await assert.rejects((await issuerWith()).verify(token), /failed to verify signature/);
});

Deno.test("a token of the Go controller is good while its key is accepted", async () => {
  const d = "182baa7a3e1e3ecebeecc36c1b9df17fbda53bf64e72ecece4874db1e1445be1";
  const key = await SigningKey.read(JSON.stringify({
    ...legacyPublicKey("test"),
    d: btoa(String.fromCharCode(...Uint8Array.fromHex(d)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
  }));
  const iat = Math.floor(NOW / 1000);
  const claims = {
    iss: INTERNAL_ISSUER,
    sub: "exporter:lab:e1:u-2",
    aud: ["jumpstarter"],
    exp: iat + 60,
    iat,
  };
  const token = await signClaims(claims, key.privateKey, "ES256");
  const asked: unknown[] = [];
  const { verify } = await issuerWith({
    alsoAccepts: [legacyPublicKey("test")],
    isRevoked: (...given) => asked.push(given) > 1,
  });
  assert.equal((await verify(token)).username, "internal:exporter:lab:e1:u-2");
  assert.deepEqual(asked, [[undefined, "exporter:lab:e1:u-2"]]);
  await assert.rejects((await issuerWith()).verify(token), /failed to verify signature/);
});

Deno.test("the published key verifies, and the documents tell where it is", async () => {
  const { issuer } = await issuerWith();
  const { issuer: url, jwks_uri } = issuer.discovery();
  assert.deepEqual([url, jwks_uri], ["https://localhost:8085", "https://localhost:8085/jwks"]);
  const { kid, use, alg, ...published } = issuer.jwks().keys[0]!;
  assert.deepEqual([kid, use, alg], ["default", "sig", "ES256"]);
  const other = await issuerWith({ key: await SigningKey.generate(), alsoAccepts: [published] });
  await other.verify((await issuer.issue("Client", CLIENT)).token);
});

Deno.test("a signing key reads from PEM and JWK, is P-256, and does not show itself", async () => {
  const pem = (namedCurve: string) =>
    generateKeyPairSync("ec", { namedCurve }).privateKey
      .export({ format: "pem", type: "pkcs8" }) as string;
  const key = await SigningKey.read(pem("P-256"));
  const { d } = JSON.parse(key.exportText());
  assert.equal(typeof d, "string");
  for (const shown of [Deno.inspect(key), JSON.stringify(key), `${key}`]) {
    assert.ok(!shown.includes(d), shown);
  }
  const mixed = JSON.stringify({ ...KEY.publicJwk, d });
  for (const text of ["", "x", "{}", "null", pem("P-384"), JSON.stringify(key.publicJwk), mixed]) {
    await assert.rejects(SigningKey.read(text), (error: Error & { code: string }) => {
      assert.equal(error.code, "config");
      assert.ok(!Deno.inspect(error).includes(d));
      return true;
    }, text);
  }
});

Deno.test("a verification key reads from JWK, from what /jwks answers, and from PEM", async () => {
  const { issuer } = await issuerWith();
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = pair.publicKey.export({ format: "pem", type: "spki" }) as string;
  assert.deepEqual(readPublicKey(JSON.stringify(KEY.publicJwk)), KEY.publicJwk);
  assert.deepEqual(readPublicKey(JSON.stringify(issuer.jwks())), KEY.publicJwk);
  const { x, y } = pair.publicKey.export({ format: "jwk" });
  assert.deepEqual(readPublicKey(pem), { kty: "EC", crv: "P-256", x, y });
  for (const text of ["", "x", "{}", '{"keys":[]}']) {
    assert.throws(() => readPublicKey(text), { code: "config", message: /verification key/ });
  }
});
