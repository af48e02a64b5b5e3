import assert from "node:assert/strict";
import { readIssuers } from "./issuer_config.ts";

const ENTRY = {
  issuer: { url: "https://dex.example.com", audiences: ["lab"] },
  claimMappings: { username: { claim: "name", prefix: "dex:" } },
};

Deno.test("an issuer is read with every key that Kubernetes has for it", () => {
  assert.deepEqual(readIssuers(undefined), []);
  assert.deepEqual(readIssuers(null), []);
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
  assert.deepEqual(readIssuers([given]), [full]);
  assert.deepEqual(readIssuers([ENTRY]), [{
    ...ENTRY,
    claimMappings: { ...ENTRY.claimMappings, extra: [] },
    claimValidationRules: [],
    userValidationRules: [],
  }]);
  const plain = { ...ENTRY, issuer: { ...ENTRY.issuer, url: "http://localhost:5556" } };
  assert.equal(readIssuers([plain], "jwt", { allowHttp: true }).length, 1);
});

Deno.test("what is wrong with an issuer is told by the path of its key", () => {
  const issuer = (changes: object) => ({ ...ENTRY, issuer: { ...ENTRY.issuer, ...changes } });
  const username = (username: unknown) => ({ ...ENTRY, claimMappings: { username } });
  const rows: [unknown, string][] = [
    [{}, "a must be a list of issuers"],
    [["x"], "a[0] must be a map with issuer,"],
    [[ENTRY, {}], "a[1].claimMappings is missing"],
    [[{ ...ENTRY, issuers: {} }], 'a[0] has an unknown key "issuers"; did you mean "issuer"?'],
    [[issuer({ url: undefined })], "a[0].issuer.url is missing"],
    [[issuer({ url: 5 })], "a[0].issuer.url must be text"],
    [[issuer({ url: "dex" })], "a[0].issuer.url is no URL: dex"],
    [[issuer({ url: "http://dex" })], "a[0].issuer.url must begin with https://"],
    [[issuer({ url: "file:///etc" })], "a[0].issuer.url must begin with https://"],
    [[issuer({ url: "https://me:pw@dex" })], "a[0].issuer.url must have no user"],
    [[issuer({ url: "https://localhost:8085" })], "a[0].issuer.url is the controller's own"],
    [[issuer({ discoveryURL: "http://dex" })], "a[0].issuer.discoveryURL must begin with https://"],
    [[issuer({ audiences: [] })], "a[0].issuer.audiences must name at least one"],
    [[issuer({ audiences: "lab" })], "a[0].issuer.audiences must be a list"],
    [[issuer({ audiences: ["lab", 5] })], "a[0].issuer.audiences must be a list of texts"],
    [
      [issuer({ audiences: ["a", "b"] })],
      'a[0].issuer.audienceMatchPolicy must be "MatchAny" when',
    ],
    [
      [issuer({ audienceMatchPolicy: "All" })],
      'a[0].issuer.audienceMatchPolicy must be "MatchAny"',
    ],
    [[username(undefined)], "a[0].claimMappings.username is missing"],
    [[username({})], "a[0].claimMappings.username must have either a claim or an expression"],
    [[username({ claim: "a", expression: "b" })], "a[0].claimMappings.username must have either"],
    [[username({ claim: "a" })], "a[0].claimMappings.username.prefix is missing"],
    [[username({ expression: "a", prefix: "b" })], "a[0].claimMappings.username.prefix goes with"],
    [
      [username({ claim: "a", prefix: "internal:" })],
      "a[0].claimMappings.username.prefix must not",
    ],
    [
      [username({ expression: "claims.email" })],
      "a[0].claimMappings.username.expression uses claims.email",
    ],
    [
      [{ ...ENTRY, userValidationRules: [{}] }],
      "a[0].userValidationRules[0].expression is missing",
    ],
    [
      [{ ...ENTRY, claimValidationRules: [{ claim: "a", expression: "b" }] }],
      "a[0].claimValidationRules[0].expression cannot",
    ],
  ];
  for (const [value, message] of rows) {
    assert.throws(() => readIssuers(value, "a"), (error: Error & { code: string }) => {
      assert.equal(error.code, "config");
      assert.ok(error.message.startsWith(message), `${error.message} / ${message}`);
      return true;
    });
  }
});
