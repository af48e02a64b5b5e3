import assert from "node:assert/strict";
import { RpcError } from "@jumpstarter/lib/rpc";
import { authenticate, type Gate } from "./authenticate.ts";
import { InternalIssuer } from "./internal_issuer.ts";
import type { Principal } from "./principal.ts";
import { RouterTokens } from "./router_tokens.ts";
import { SigningKey } from "./signing_key.ts";
import { TokenVerifier } from "./token_verifier.ts";

const ROUNDS = 3_000;
const OBJECT = { metadata: { namespace: "lab", name: "c1", uid: "u" } };

/** Random numbers that a seed repeats. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

Deno.test("whatever token and metadata come, the answer is a refusal", async () => {
  const issuer = await InternalIssuer.open({
    key: await SigningKey.generate(),
    isRevoked: () => false,
  });
  const verifier = await TokenVerifier.open({ internal: issuer });
  const routers = new RouterTokens({ key: "k" });
  const good = (await issuer.issue("Client", OBJECT)).token;
  const forRouter = await routers.issue();
  const random = randomOf(20260101);
  const pick = <T>(from: readonly T[]) => from[random(from.length)]!;
  const encode = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value) ?? "").toBase64({
      alphabet: "base64url",
      omitPadding: true,
    });
  const values = [
    ...[null, true, 0, -1, 1e308, 1.5, "", "ES256", "none", "HS256", "RS256", [], {}, "😀"],
    ...["https://localhost:8085", ["jumpstarter"], "jumpstarter", 9e15, "client:lab:c1:u", [["x"]]],
  ];
  const object = (keys: string[]) =>
    Object.fromEntries(keys.filter(() => random(4) > 0).map((key) => [key, pick(values)]));
  const made = () =>
    [
      encode(object(["alg", "typ", "kid", "crit", "b64", "jwk", "jku", "x5c", "zip"])),
      encode(
        random(8) === 0 ? pick(values) : {
          iss: "https://localhost:8085",
          aud: "jumpstarter",
          exp: 9e9,
          ...object(["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "__proto__"]),
        },
      ),
      pick(["", "AAAA", good.split(".")[2]!, "!"]),
    ].join(".");
  const damage = (token: string) => {
    const at = random(token.length);
    const by = pick(["", ".", "A", "\0", "=", "é", " ", "..", token, "x".repeat(20_000)]);
    return token.slice(0, at) + by + token.slice(at + random(3));
  };
  let refusals = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const token = pick([made, made, () => damage(good), () => damage(forRouter)])();
    const headers: Record<string, string[]> = {
      authorization: pick([[`Bearer ${token}`], [`bearer ${token}`], [token], [], ["Bearer "]]),
      "jumpstarter-namespace": pick([["lab"], [], ["", ""], ["\n"], ["__proto__"]]),
      "jumpstarter-kind": pick([["Client"], ["Exporter"], [], ["constructor"]]),
      "jumpstarter-name": pick([["c1"], [], ["x".repeat(9_000)], ["a", "b"]]),
    };
    const metadata = (key: string) => headers[key] ?? [];
    const gate: Gate<Principal> = {
      kind: "Client",
      namespace: "lab",
      internalPrefix: "internal:",
      verify: (given) => verifier.verify(given),
      find: (_, name) => name === "c1" ? OBJECT : undefined,
    };
    for (const call of [() => authenticate(metadata, gate), () => routers.verify(token)]) {
      const error = await call().then(() => undefined, (error) => error);
      if (error === undefined) continue; // the damage may hit what does not count
      refusals++;
      assert.ok(error instanceof RpcError, `round ${round}: ${Deno.inspect(error)}`);
      if (token.length > 20) assert.ok(!error.message.includes(token), `round ${round}`);
    }
    const verified = await verifier.verify(token).catch(() => undefined);
    // The last bits of a signature's text count for nothing; everything else does.
    if (verified !== undefined) assert.equal(token.slice(0, -1), good.slice(0, -1));
  }
  assert.ok(refusals > ROUNDS * 1.9, `${refusals}`);
});
