import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { SignJWT } from "jose";
import { issuersOf } from "../../tests/support/issuers.ts";
import { OidcIssuer } from "../../tests/support/oidc_issuer.ts";
import { InternalIssuer } from "./internal_issuer.ts";
import type { IssuerKeysOptions } from "./issuer_keys.ts";
import { SigningKey } from "./signing_key.ts";
import { TokenVerifier } from "./token_verifier.ts";

const internal = await InternalIssuer.open({
  key: await SigningKey.generate(),
  isRevoked: () => false,
});

/** Accepts an issuer, with changes to a plain entry of the configuration. */
async function accept(
  { url, ca }: OidcIssuer,
  entry: Record<string, unknown> = {},
  options: IssuerKeysOptions & { location?: Record<string, unknown> } = {},
): Promise<TokenVerifier> {
  const issuers = await issuersOf([{
    issuer: { url, certificateAuthority: ca, audiences: ["lab"], ...options.location },
    claimMappings: { username: { claim: "preferred_username", prefix: "dex:" } },
    ...entry,
  }]);
  return await TokenVerifier.open({ internal, issuers, ...options });
}

const ALICE = { aud: "lab", preferred_username: "alice" };

Deno.test("a token of an external issuer gives its username with the prefix", async () => {
  for (const alg of ["RS256", "ES256", "PS384"] as const) {
    await using issuer = await OidcIssuer.start(alg);
    const verifier = await accept(issuer);
    assert.deepEqual(verifier.unready, [issuer.url]);
    const { username, isInternal, expires } = await verifier.verify(await issuer.sign(ALICE));
    assert.equal(username, "dex:alice");
    assert.equal(isInternal, false);
    assert.ok(expires > Date.now() + 3_590_000 && expires <= Date.now() + 3_600_000);
    assert.deepEqual(verifier.unready, []);
    await verifier.verify(await issuer.sign({ ...ALICE, aud: ["other", "lab"] }));
    assert.equal(issuer.requests.length, 2, "the keys are fetched once");
  }
});

Deno.test("bad tokens of an external issuer are refused with the reason", async () => {
  await using issuer = await OidcIssuer.start();
  await using stranger = await OidcIssuer.start();
  const verifier = await accept(issuer);
  const good = await issuer.sign(ALICE);
  const [header, payload, signature] = good.split(".") as [string, string, string];
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const publicKey = JSON.stringify(await (await keysOf(issuer)).json());
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer.url, exp: now + 60, ...ALICE };
  const rows: [string, string, RegExp][] = [
    [
      "expired",
      await issuer.sign(ALICE, { expiresIn: -1 }),
      /^oidc: verify token: oidc: token is expired/,
    ],
    ["wrong audience", await issuer.sign({ ...ALICE, aud: "x" }), /expected audience "lab"/],
    ["no audience", await issuer.sign({ preferred_username: "a" }), /expected audience "lab"/],
    ["no exp", await issuer.sign({ ...ALICE, exp: undefined }), /no usable exp/],
    ["not yet valid", await issuer.sign({ ...ALICE, nbf: now + 600 }), /not valid yet/],
    ["no username", await issuer.sign({ aud: "lab" }), /claim not present/],
    [
      "a username that is no text",
      await issuer.sign({ ...ALICE, preferred_username: ["a"] }),
      /no text/,
    ],
    [
      "an empty username",
      await issuer.sign({ ...ALICE, preferred_username: "" }),
      /no text, or empty/,
    ],
    ["of another issuer", await stranger.sign(ALICE), /^failed to authenticate token$/],
    ["signed by another", await stranger.sign({ ...ALICE, iss: issuer.url }), /failed to verify/],
    [
      "changed",
      `${header}.${encode({ ...claims, preferred_username: "root" })}.${signature}`,
      /failed to verify/,
    ],
    ["unsigned", `${encode({ alg: "none" })}.${encode(claims)}.`, /failed to verify signature$/],
    ["without signature", `${header}.${payload}.`, /failed to verify signature$/],
    [
      "signed with the public key as a secret",
      await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(publicKey)),
      /failed to verify signature$/,
    ],
  ];
  await verifier.verify(good);
  for (const [what, token, details] of rows) {
    await assert.rejects(verifier.verify(token), { status: "UNKNOWN", details }, what);
  }
  await verifier.verify(await issuer.sign({ ...ALICE, nbf: now + 200 }));
});

async function keysOf({ url, ca }: OidcIssuer): Promise<Response> {
  using client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(ca)] });
  const response = await fetch(`${url}/keys`, { client });
  return new Response(await response.text());
}

Deno.test("new keys of an issuer are found, but not asked for more often than every 30 s", async () => {
  await using issuer = await OidcIssuer.start();
  const time = { now: Date.now() };
  const verifier = await accept(issuer, {}, { now: () => time.now });
  const old = await issuer.sign(ALICE);
  await verifier.verify(old);
  await issuer.rotate("ES256");
  const renewed = await issuer.sign(ALICE);
  for (let attempt = 0; attempt < 3; attempt++) {
    await assert.rejects(verifier.verify(renewed), /failed to verify signature/);
  }
  assert.equal(issuer.requests.length, 2);
  time.now += 30_000;
  await Promise.all([verifier.verify(renewed), verifier.verify(renewed)]);
  assert.equal(issuer.requests.length, 4);
  await assert.rejects(verifier.verify(old), /failed to verify signature/);
});

Deno.test("keys that a token without kid may be of are all tried", async () => {
  await using issuer = await OidcIssuer.start();
  const first = await issuer.sign(ALICE, { withKid: false });
  await issuer.rotate("RS256", { keepsOld: true });
  const verifier = await accept(issuer);
  await verifier.verify(first);
  await verifier.verify(await issuer.sign(ALICE, { withKid: false }));
  await issuer.rotate("RS256");
  const unknown = await issuer.sign(ALICE, { withKid: false });
  await assert.rejects(verifier.verify(unknown), /failed to verify signature/);
});

Deno.test("the keys outlive an outage of the issuer", async () => {
  await using issuer = await OidcIssuer.start();
  const time = { now: Date.now() };
  const failures: Error[] = [];
  const verifier = await accept(issuer, {}, {
    now: () => time.now,
    onFailure: (error) => failures.push(error),
  });
  const token = await issuer.sign(ALICE);
  await verifier.verify(token);
  issuer.answer = () => new Response(null, { status: 503 });
  time.now += 11 * 60_000;
  await verifier.verify(token);
  await verifier.verify(token);
  assert.equal(failures.length, 1, "a failure is not repeated at once");
  assert.match(failures[0]!.message, /openid-configuration: the server answered 503/);
});

Deno.test("an issuer whose documents are not good is not initialized, and says why", async () => {
  const discovery = "/.well-known/openid-configuration";
  await using issuer = await OidcIssuer.start();
  await using stranger = await OidcIssuer.start();
  const { url } = issuer;
  const long = { issuer: url, jwks_uri: `${url}/keys`, padding: "x".repeat(300_000) };
  const rows: [string, (path: string) => Response | Promise<Response>, RegExp][] = [
    ["missing", () => new Response(null, { status: 404 }), /answered 404/],
    ["no JSON", () => new Response("<html>"), /cannot fetch .*openid-configuration/],
    ["null", () => new Response("null"), /about the issuer undefined/],
    ["too long", () => Response.json(long), /larger than 262144 bytes/],
    [
      "too late",
      () => new Promise<Response>((answer) => setTimeout(answer, 400, Response.json(long))),
      /no answer within 200 ms/,
    ],
    ["redirected", () => Response.redirect(`${stranger.url}${discovery}`), /answered 302/],
    [
      "another's",
      () => Response.json({ issuer: stranger.url, jwks_uri: `${url}/keys` }),
      /about the issuer/,
    ],
    ["no keys", () => Response.json({ issuer: url }), /no jwks_uri/],
    [
      "keys over http",
      () => Response.json({ issuer: url, jwks_uri: "http://x/keys" }),
      /no jwks_uri/,
    ],
    [
      "keys in a file",
      () => Response.json({ issuer: url, jwks_uri: "file:///etc/keys" }),
      /no jwks_uri/,
    ],
    [
      "bad keys",
      (path) =>
        Response.json(path === discovery ? { issuer: url, jwks_uri: `${url}/keys` } : { keys: 5 }),
      /JSON Web Key Set malformed/,
    ],
  ];
  for (const [what, answer, message] of rows) {
    issuer.answer = answer;
    const failures: Error[] = [];
    const onFailure = (error: Error) => failures.push(error);
    const verifier = await accept(issuer, {}, { onFailure, timeout: 200 });
    await assert.rejects(verifier.verify(await issuer.sign(ALICE)), {
      status: "UNKNOWN",
      details: "oidc: authenticator not initialized",
    }, what);
    assert.match(failures[0]?.message ?? "", message, what);
  }
  assert.deepEqual(stranger.requests, []);
});

Deno.test("an issuer with a certificate that is not trusted is not initialized", async () => {
  await using issuer = await OidcIssuer.start();
  const failures: Error[] = [];
  const onFailure = (error: Error) => failures.push(error);
  const location = { certificateAuthority: undefined };
  const verifier = await accept(issuer, {}, { onFailure, location });
  const token = await issuer.sign(ALICE);
  await assert.rejects(verifier.verify(token), /authenticator not initialized/);
  assert.match(failures[0]!.message, /cannot fetch/);
  assert.deepEqual(issuer.requests, []);
  const inText = { certificateAuthority: await Deno.readTextFile(issuer.ca) };
  await (await accept(issuer, {}, { location: inText })).verify(token);
  const missing = { certificateAuthority: "/nowhere/ca.pem" };
  await assert.rejects(accept(issuer, {}, { location: missing }), { code: "config" });
});

Deno.test("an issuer that comes up later works from then on", async () => {
  await using issuer = await OidcIssuer.start();
  const time = { now: Date.now() };
  const verifier = await accept(issuer, {}, { now: () => time.now });
  issuer.answer = () => new Response(null, { status: 502 });
  const token = await issuer.sign(ALICE);
  await assert.rejects(verifier.verify(token), /authenticator not initialized/);
  issuer.answer = undefined;
  await assert.rejects(verifier.verify(token), /authenticator not initialized/);
  time.now += 10_000;
  await verifier.prepare();
  assert.deepEqual(verifier.unready, []);
  await verifier.verify(token);
});

Deno.test("reload keeps the keys of issuers that stay, and drops the others", async () => {
  await using issuer = await OidcIssuer.start();
  const verifier = await accept(issuer);
  const token = await issuer.sign(ALICE);
  await verifier.verify(token);
  const username = { claim: "preferred_username", prefix: "dex:" };
  const entry = {
    issuer: { url: issuer.url, certificateAuthority: issuer.ca, audiences: ["lab"] },
    claimMappings: { username },
  };
  await verifier.reload(await issuersOf([entry]));
  await verifier.verify(token);
  assert.equal(issuer.requests.length, 2);
  const broken = { ...entry, claimMappings: { username: { expression: "claims." } } };
  await assert.rejects(verifier.reload(await issuersOf([broken])), { code: "config" });
  await verifier.verify(token);
  await verifier.reload([]);
  await assert.rejects(verifier.verify(token), /^.*failed to authenticate token$/);
});

Deno.test("claims and users that the rules refuse are refused", async () => {
  await using issuer = await OidcIssuer.start();
  const email = { claimMappings: { username: { claim: "email", prefix: "" } } };
  const expression = {
    claimMappings: {
      username: { expression: '"x:" + claims.preferred_username' },
      groups: { claim: "groups", prefix: "g:" },
      uid: { expression: "claims.?id.orValue('none')" },
      extra: [{ key: "team", valueExpression: "claims.team" }],
    },
    userValidationRules: [
      { expression: 'user.uid == "none" && "red" in user.extra.team' },
      { expression: '"g:admin" in user.groups', message: "only for admins" },
    ],
  };
  const admin = { ...ALICE, groups: ["admin"], team: ["red"] };
  const fixed = { claimValidationRules: [{ claim: "hd", requiredValue: "example.com" }] };
  const long = {
    claimValidationRules: [{ expression: "claims.exp - claims.iat <= 7200", message: "too long" }],
  };
  type Row = [Record<string, unknown>, Record<string, unknown>, string | RegExp];
  const rows: Row[] = [
    [email, { aud: "lab", email: "a@b.c" }, "a@b.c"],
    [email, { aud: "lab", email: "a@b.c", email_verified: true }, "a@b.c"],
    [email, { aud: "lab", email: "a@b.c", email_verified: false }, /^oidc: email not verified$/],
    [email, { aud: "lab", email: "a@b.c", email_verified: "true" }, /^oidc: email not verified$/],
    [email, { aud: "lab", email: "internal:client:ns:c:uid" }, /are for own tokens$/],
    [fixed, { ...ALICE, hd: "example.com" }, "dex:alice"],
    [fixed, { ...ALICE, hd: "example.org" }, /^oidc: required claim hd value does not match/],
    [fixed, ALICE, /^oidc: required claim hd not present/],
    [long, ALICE, "dex:alice"],
    [long, { ...ALICE, iat: 1 }, /^oidc: claim validation: too long$/],
    [long, { ...ALICE, iat: "x" }, /^oidc: cannot evaluate claims.exp - claims.iat <= 7200$/],
    [expression, admin, "x:alice"],
    [expression, { ...admin, groups: "admin" }, "x:alice"],
    [expression, { ...admin, groups: ["guest"] }, /^oidc: user validation: only for admins$/],
    [expression, { ...admin, id: "7" }, /^oidc: user validation: user.uid == /],
    [expression, { ...admin, preferred_username: 5 }, /^oidc: cannot evaluate/],
  ];
  for (const [entry, claims, expected] of rows) {
    const verifier = await accept(issuer, entry);
    const verified = verifier.verify(await issuer.sign(claims));
    if (typeof expected === "string") assert.equal((await verified).username, expected);
    else await assert.rejects(verified, { status: "UNKNOWN", details: expected });
  }
});
