import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { RouterTokens } from "./router_tokens.ts";
import { signClaims } from "./token.ts";

const T = 1_700_000_000;
const KNOWN =
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2p1bXBzdGFydGVyLmRldi9zdHJlYW0iLCJzdWIiOiIxMTExMTExMS0xMTExLTQxMTEtODExMS0xMTExMTExMTExMTEiLCJhdWQiOlsiaHR0cHM6Ly9qdW1wc3RhcnRlci5kZXYvcm91dGVyIl0sImV4cCI6MTcwMDAwMTgwMCwibmJmIjoxNzAwMDAwMDAwLCJpYXQiOjE3MDAwMDAwMDAsImp0aSI6IjIyMjIyMjIyLTIyMjItNDIyMi04MjIyLTIyMjIyMjIyMjIyMiJ9._plvYt0cw69b94J0miersTPPWIiN9JFRUI-ZGoNMvOU";
const CLAIMS = {
  iss: "https://jumpstarter.dev/stream",
  sub: "11111111-1111-4111-8111-111111111111",
  aud: ["https://jumpstarter.dev/router"],
  exp: T + 1800,
  nbf: T,
  iat: T,
  jti: "22222222-2222-4222-8222-222222222222",
};
const SECRET = new TextEncoder().encode("router-secret");

function tokensAt(seconds: number, leeway = 0): RouterTokens {
  return new RouterTokens({ key: "router-secret", leeway, now: () => seconds * 1000 });
}

Deno.test("router tokens are those of the Go controller, byte for byte", async () => {
  assert.equal(await signClaims(CLAIMS, SECRET, "HS256"), KNOWN);
  assert.deepEqual(await tokensAt(T).verify(KNOWN), {
    id: CLAIMS.sub,
    expires: (T + 1800) * 1000,
  });
});

Deno.test("a router token is for one new tunnel, of half an hour, and tells its lease", async () => {
  const tokens = tokensAt(T + 0.9);
  const token = await tokens.issue("l1");
  const { sub, jti, ...claims } = decodeJwt(token);
  const { sub: _sub, jti: _jti, ...expected } = CLAIMS;
  assert.deepEqual(claims, { ...expected, lease: "l1" });
  assert.match(`${sub} ${jti}`, /^[-0-9a-f]{36} [-0-9a-f]{36}$/);
  assert.deepEqual(await tokens.verify(token), {
    id: sub,
    leaseName: "l1",
    expires: (T + 1800) * 1000,
  });
  assert.notEqual(decodeJwt(await tokens.issue()).sub, sub);
});

Deno.test("a router refuses every other token", async () => {
  const sign = (changes: object) => signClaims({ ...CLAIMS, ...changes }, SECRET, "HS256");
  const other = new TextEncoder().encode("another secret");
  const rows: [string, string, number?][] = [
    ["garbage", "garbage"],
    ["nothing", ""],
    ["expired", KNOWN, T + 1800],
    ["of the future", KNOWN, T - 1],
    ["of another key", await signClaims(CLAIMS, other, "HS256")],
    ["without exp", await sign({ exp: undefined })],
    ["of another issuer", await sign({ iss: "https://jumpstarter.dev/router" })],
    ["of another audience", await sign({ aud: ["jumpstarter"] })],
    ["without subject", await sign({ sub: undefined })],
    ["for an empty subject", await sign({ sub: "" })],
    ["issued later", await sign({ iat: T + 1 })],
    ["with a bad nbf", await sign({ nbf: "x" })],
    ["unsigned", `${btoa('{"alg":"none"}').replace(/=+$/, "")}.${KNOWN.split(".")[1]}.`],
  ];
  for (const [what, token, seconds = T] of rows) {
    await assert.rejects(tokensAt(seconds).verify(token), {
      status: "UNAUTHENTICATED",
      details: "invalid jwt token",
    }, what);
  }
  await tokensAt(T - 1, 1000).verify(KNOWN);
  await assert.rejects(tokensAt(T + 1800, 1000).verify(KNOWN), /invalid jwt token/);
  assert.throws(() => new RouterTokens({ key: "" }), { code: "config" });
});
