import * as assert from "node:assert/strict";
import { DEFAULT_SETTINGS, parseControllerFile } from "./mod.ts";

const JWT = `
  jwt:
    - issuer: {url: https://dex.example.com, audiences: [jumpstarter-cli]}
      claimMappings: {username: {claim: preferred_username, prefix: "dex:"}}
`;

const CONFIG = `
authentication:
  internal: {prefix: "internal:", tokenLifetime: 43800h}
  k8s: {enabled: true}${JWT.replace(/^/gm, "")}
provisioning: {enabled: true}
grpc: {keepalive: {minTime: 3s, permitWithoutStream: true}}
leasePolicy: {maxTags: 3}
hiddenLabels: {keys: [pool]}
deprecatedLabels: {keys: {board: use b2, old: ""}}
`;

Deno.test("an empty file decides nothing", () => {
  const { start, live, warnings } = parseControllerFile("");
  assert.deepEqual([start, live, warnings], [{}, DEFAULT_SETTINGS, []]);
});

Deno.test("a file says where to listen, whom to trust, and what is shown", () => {
  const own = "listen: 0.0.0.0:18082\nhost: lab.example.com\nnamespace: lab\n";
  const router = "router: {far: {endpoint: 'far:8083', labels: {zone: b}}}\n";
  const { start, live, warnings } = parseControllerFile(own + router + CONFIG);
  assert.deepEqual(start, {
    listen: "0.0.0.0:18082",
    host: "lab.example.com",
    namespace: "lab",
    internalPrefix: "internal:",
  });
  assert.equal(live.tokenLifetime, 43_800 * 3_600_000);
  assert.deepEqual(live.issuers.map(({ issuer }) => issuer.url), ["https://dex.example.com"]);
  assert.deepEqual(live.routers, [{ endpoint: "far:8083", labels: { zone: "b" } }]);
  const { provisioning, maxTags, hiddenLabels, deprecatedLabels } = live;
  assert.deepEqual({ provisioning, maxTags, hiddenLabels, deprecatedLabels }, {
    provisioning: true,
    maxTags: 3,
    hiddenLabels: ["pool"],
    deprecatedLabels: { board: "use b2", old: "" },
  });
  assert.deepEqual(warnings.length, 1);
  assert.match(warnings[0]!, /^grpc\.keepalive has no effect/);
});

Deno.test("the ConfigMap of a Go controller is taken as it is", () => {
  const indented = (text: string) => text.trim().replace(/^/gm, "    ");
  const { live } = parseControllerFile(`
apiVersion: v1
kind: ConfigMap
metadata: {name: jumpstarter-controller, namespace: lab}
data:
  config: |
${indented(CONFIG)}
  router: |
    default: {endpoint: "router:8083"}
`);
  assert.deepEqual(live.routers, [{ endpoint: "router:8083", labels: {} }]);
  assert.equal(live.maxTags, 3);
  const legacy = parseControllerFile(`
kind: ConfigMap
data:
  authentication: |
    apiVersion: jumpstarter.dev/v1alpha1
    kind: AuthenticationConfiguration
    internal: {prefix: "internal:"}${JWT.replace(/^ {2}/gm, "    ")}
`);
  assert.equal(legacy.live.issuers.length, 1);
});

Deno.test("a file that is wrong is refused by key [controller 111]", () => {
  const bad: [text: string, message: RegExp][] = [
    ["a: [", /^it is not YAML: /],
    ["[]", /must be a map/],
    ["provisioning: {}\nprovisioning: {}", /not YAML: .*unique/],
    ["provisionning: {}", /unknown key "provisionning"; did you mean "provisioning"\?/],
    ["leasePolicy: {maxTag: 1}", /leasePolicy has an unknown key "maxTag"; did you mean "maxTags"/],
    ["leasePolicy: {maxTags: -1}", /^leasePolicy\.maxTags must be a whole number/],
    ["leasePolicy: {maxTags: ten}", /^leasePolicy\.maxTags must be a whole number/],
    ["provisioning: {enabled: maybe}", /^provisioning\.enabled must be true or false/],
    ["authentication: {internal: {tokenLifetime: 30d}}", /tokenLifetime .*30d.* is not a duration/],
    ["authentication: {internal: {tokenLifetime: 0s}}", /tokenLifetime must be more than zero/],
    ["authentication: {internal: {tokenLifetime: -1h}}", /tokenLifetime must be more than zero/],
    ["authentication: {jwt: [{}]}", /authentication\.jwt\[0\]/],
    ["grpc: {keepalive: {minTime: soon}}", /^grpc\.keepalive\.minTime .*soon/],
    [
      "telemetry: {enabled: true, logging: {filter: {min_severity: loud}}}",
      /^telemetry\.logging\.filter\.min_severity must be one of debug, info/,
    ],
    ["hiddenLabels: {keys: pool}", /^hiddenLabels\.keys must be a list/],
    ["deprecatedLabels: {keys: {board: 1}}", /^deprecatedLabels\.keys\.board must be text/],
    ["router: {far: {}}", /^router\.far\.endpoint is missing/],
    ["router: {far: {endpoint: far}}", /^router\.far\.endpoint is no host:port: far/],
    ["listen: 1", /^listen must be text/],
    ["kind: ConfigMap", /^data is missing/],
    ["kind: ConfigMap\ndata: {config: 'a: 1'}", /^data\.config has an unknown key "a"/],
  ];
  for (const [text, message] of bad) {
    assert.throws(() => parseControllerFile(text), (error: Error) => {
      assert.equal(error.name, "ConfigError", text);
      assert.match(error.message, message);
      return true;
    });
  }
});
