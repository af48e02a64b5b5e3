import assert from "node:assert/strict";
import { issuersOf } from "../../tests/support/issuers.ts";
import type { IssuerConfig } from "./issuer_config.ts";

const ENTRY = {
  issuer: { url: "https://dex.example.com", audiences: ["lab"] },
  claimMappings: { username: { claim: "name", prefix: "dex:" } },
};

Deno.test("an issuer is read with every key that Kubernetes has for it", async () => {
  const full = {
    issuer: {
      url: "https://dex.example.com/realm",
      discoveryURL: "https://dex.internal/.well-known/openid-configuration",
      certificateAuthority: "/etc/ca.pem",
      audiences: ["lab", "cli"],
    },
    claimValidationRules: [
      { claim: "hd", requiredValue: "example.com" },
      { expression: "claims.email_verified", message: "verify your address" },
    ],
    claimMappings: {
      username: { expression: '"dex:" + claims.email' },
      groups: { claim: "groups", prefix: "" },
      uid: { expression: "claims.sub" },
      extra: [{ key: "example.com/team", valueExpression: "claims.team" }],
    },
    userValidationRules: [{ expression: '!user.username.startsWith("dex:system:")' }],
  };
  const given = { ...full, issuer: { ...full.issuer, audienceMatchPolicy: "MatchAny" } };
  assert.deepEqual(await issuersOf([given]), [full]);
  assert.deepEqual(await issuersOf([ENTRY]), [{
    ...ENTRY,
    claimMappings: { ...ENTRY.claimMappings, extra: [] },
    claimValidationRules: [],
    userValidationRules: [],
  }]);
  const plain = { ...ENTRY, issuer: { ...ENTRY.issuer, url: "http://localhost:5556" } };
  assert.equal((await issuersOf([plain], { allowHttp: true })).length, 1);
  const here = { ...ENTRY, issuer: { ...ENTRY.issuer, certificateAuthority: "ca.pem" } };
  const [{ issuer }] = await issuersOf([here], { folder: "/etc/lab" }) as [IssuerConfig];
  assert.equal(issuer.certificateAuthority, "/etc/lab/ca.pem");
});

Deno.test("what is wrong with an issuer is told by the path of its key", async () => {
  const issuer = (changes: object) => ({ ...ENTRY, issuer: { ...ENTRY.issuer, ...changes } });
  const username = (username: unknown) => ({ ...ENTRY, claimMappings: { username } });
  const rows: [unknown[], string][] = [
    [["x"], "jwt[0] is text, not a map"],
    [[ENTRY, {}], "jwt[1].claimMappings is missing"],
    [[{ ...ENTRY, issuers: {} }], 'jwt[0].issuers is not a setting. Did you mean "issuer"?'],
    [[issuer({ url: undefined })], "jwt[0].issuer.url is missing"],
    [[issuer({ url: 5 })], "jwt[0].issuer.url is a number, not text"],
    [[issuer({ url: "dex" })], "jwt[0].issuer.url is no URL: dex"],
    [[issuer({ url: "http://dex" })], "jwt[0].issuer.url must begin with https://"],
    [[issuer({ url: "file:///etc" })], "jwt[0].issuer.url must begin with https://"],
    [[issuer({ url: "https://me:pw@dex" })], "jwt[0].issuer.url must have no user"],
    [[issuer({ url: "https://localhost:8085" })], "jwt[0].issuer.url is the controller's own"],
    [
      [issuer({ discoveryURL: "http://dex" })],
      "jwt[0].issuer.discoveryURL must begin with https://",
    ],
    [[issuer({ audiences: [] })], "jwt[0].issuer.audiences must name at least one"],
    [[issuer({ audiences: "lab" })], "jwt[0].issuer.audiences must be a list"],
    [[issuer({ audiences: ["lab", 5] })], "jwt[0].issuer.audiences must be a list of texts"],
    [
      [issuer({ audiences: ["a", "b"] })],
      'jwt[0].issuer.audienceMatchPolicy must be "MatchAny" when',
    ],
    [
      [issuer({ audienceMatchPolicy: "All" })],
      'jwt[0].issuer.audienceMatchPolicy must be "MatchAny"',
    ],
    [[username(undefined)], "jwt[0].claimMappings.username is missing"],
    [[username({})], "jwt[0].claimMappings.username must have either a claim or an expression"],
    [[username({ claim: "a", expression: "b" })], "jwt[0].claimMappings.username must have either"],
    [[username({ claim: "a" })], "jwt[0].claimMappings.username.prefix is missing"],
    [
      [username({ expression: "a", prefix: "b" })],
      "jwt[0].claimMappings.username.prefix goes with",
    ],
    [
      [username({ claim: "a", prefix: "internal:" })],
      "jwt[0].claimMappings.username.prefix must not",
    ],
    [
      [username({ expression: "claims.email" })],
      "jwt[0].claimMappings.username uses claims.email",
    ],
    [
      [{ ...ENTRY, userValidationRules: [{}] }],
      "jwt[0].userValidationRules[0].expression is missing",
    ],
    [
      [{ ...ENTRY, claimValidationRules: [{ claim: "a", expression: "b" }] }],
      "jwt[0].claimValidationRules[0].expression cannot",
    ],
  ];
  for (const [value, message] of rows) {
    await assert.rejects(issuersOf(value), (error: Error & { code: string }) => {
      assert.equal(error.code, "config");
      const said = error.message.replace(/^lab\.yaml:1: /, "");
      assert.ok(said.startsWith(message), `${said} / ${message}`);
      return true;
    });
  }
});
