import * as assert from "node:assert/strict";
import { DEFAULT_SETTINGS, parseControllerFile } from "./mod.ts";
import { START_KEYS } from "./start_settings.ts";

const parse = (text: string) => parseControllerFile("/etc/lab/lab.yaml", text);

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

Deno.test("an empty file decides nothing [controller 111]", async () => {
  for (
    const text of ["", "# nothing yet\n", "grpc: {keepalive: {}}", "grpc: {keepalive:}", "router:"]
  ) {
    const { start, live, warnings } = await parse(text);
    assert.deepEqual([start, live, warnings], [{}, DEFAULT_SETTINGS, []]);
  }
});

Deno.test("a file says where to listen, whom to trust, and what is shown", async () => {
  const own = "listen: 0.0.0.0:18082\nhost: lab.example.com\nnamespace: lab\n";
  const router = "router: {far: {endpoint: 'far:8083', labels: {zone: b}}}\n";
  const { start, live, warnings } = await parse(own + router + CONFIG);
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
  assert.match(warnings[0]!, /^\/etc\/lab\/lab\.yaml:14: grpc\.keepalive has no effect/);
});

Deno.test("the ConfigMap of a Go controller is taken as it is", async () => {
  const indented = (text: string) => text.trim().replace(/^/gm, "    ");
  const { live, warnings } = await parse(`
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
  assert.match(warnings[0]!, /:15: grpc\.keepalive has no effect/);
  const legacy = await parse(`
kind: ConfigMap
data:
  authentication: |
    apiVersion: jumpstarter.dev/v1alpha1
    kind: AuthenticationConfiguration
    internal: {prefix: "internal:"}${JWT.replace(/^ {2}/gm, "    ")}
`);
  assert.equal(legacy.live.issuers.length, 1);
});

Deno.test("files that a file names are beside it", async () => {
  const text = "certificate: {cert: lab.pem, key: /keys/lab.pem, ca: ../ca.pem}\nlegacyTokens: yes";
  const { start: { certificate, legacyTokens } } = await parse(text);
  assert.equal(legacyTokens, true);
  assert.deepEqual(certificate, {
    cert: "/etc/lab/lab.pem",
    key: "/keys/lab.pem",
    ca: "/etc/ca.pem",
  });
  const pem = "-----BEGIN CERTIFICATE-----\nAA==\n";
  const { start } = await parse(JSON.stringify({ certificate: { cert: "a", key: "b", ca: pem } }));
  assert.equal(start.certificate?.ca, pem);
});

Deno.test("a file that is wrong is refused by file, line and key [controller 111]", async () => {
  const jwt = (entry: string) => `authentication:\n  jwt:\n    - ${entry}`;
  const entry = "issuer: {url: 'https://dex', audiences: [a]%s}\n      claimMappings: ";
  const name = "{username: {claim: name, prefix: ''}}";
  const bad: [text: string, message: string][] = [
    ["a: [", '1:5: a "[" before this is not closed'],
    ["[]", " the file does not hold a map"],
    [
      "provisioning: {}\nprovisioning: {}",
      '2:1: "provisioning" is here twice; the first is on line 1',
    ],
    ["\nprovisionning: {}", '2: provisionning is not a setting. Did you mean "provisioning"?'],
    ["colour: red", 'colour is not a setting; known are "listen", '],
    [
      "leasePolicy:\n  max_tags: 1",
      '2: leasePolicy.max_tags is not a setting. Did you mean "maxTags"?',
    ],
    ["leasePolicy:\n  maxTags: -1", "2: leasePolicy.maxTags is -1, less than zero"],
    ["leasePolicy: {maxTags: ten}", '1: leasePolicy.maxTags is "ten", not a whole number'],
    ["leasePolicy: 10", "1: leasePolicy is a number, not a map"],
    ["provisioning: {enabled: maybe}", '1: provisioning.enabled is "maybe", not true or false'],
    [
      "authentication:\n  internal:\n    tokenLifetime: 30d",
      '3: authentication.internal.tokenLifetime is "30d", but a day is no unit; write 720h',
    ],
    [
      "authentication: {internal: {tokenLifetime: 3600}}",
      '1: authentication.internal.tokenLifetime "3600" is not a duration; write for example 1h30m',
    ],
    ["authentication: {internal: {tokenLifetime: 0s}}", "tokenLifetime must be more than zero"],
    ["authentication: {internal: {tokenLifetime: -1h}}", "tokenLifetime must be more than zero"],
    [jwt("{}"), "3: authentication.jwt[0].claimMappings is missing"],
    [jwt("x"), "3: authentication.jwt[0] is text, not a map"],
    [
      jwt(`${entry.replace("%s", "")}{username: {expression: claims.}}`),
      "3: authentication.jwt[0]: the CEL expression claims. cannot be used: ",
    ],
    [
      jwt(`${entry.replace("%s", ", certificateAuthority: none.pem")}${name}`),
      "3: authentication.jwt[0]: the certificateAuthority of an issuer is no PEM, and no file that",
    ],
    ["grpc:\n keepalive:\n  minTime: soon", '3: grpc.keepalive.minTime "soon" is not a duration'],
    [
      "telemetry: {enabled: true, logging: {filter: {min_severity: warn}}}",
      '1: telemetry.logging.filter.min_severity is "warn", not "debug", "info", ',
    ],
    ["hiddenLabels: {keys: pool}", "1: hiddenLabels.keys must be a list; it is text"],
    ["hiddenLabels:\n  keys:\n    - a\n    - 1", "4: hiddenLabels.keys must be a list of texts"],
    ["deprecatedLabels: {keys: {b: 1}}", "1: deprecatedLabels.keys.b is a number, not text"],
    ["router:\n  far: {}", "2: router.far.endpoint is missing"],
    ["router:\n  far:", "2: router.far is empty, not a map"],
    ["router:\n  far:\n    endpoint: far", '3: router.far.endpoint is "far", no HOST:PORT'],
    [
      "router: {far: {endpoints: 'far:1'}}",
      'far.endpoints is not a setting. Did you mean "endpoint"?',
    ],
    ["listen: 8082", "1: listen is a number, not text; put it in quotes"],
    ["listen: '8082'", '1: listen: "8082" is no HOST:PORT; write for example 0.0.0.0:8082'],
    ["host: https://lab", '1: host: "https://lab" is no name or address of a machine'],
    ["endpoint: ':8082'", '1: endpoint: ":8082" is no HOST:PORT; write for example lab.example'],
    ["certificate: {cert: a}", "1: certificate.key is missing"],
    ["kind: ConfigMap", "1: data is missing"],
    ["kind: Secret\ndata: {}", '1: kind is "Secret", not "ConfigMap"'],
    [
      "kind: ConfigMap\ndata: {router: ''}",
      "2: config is missing".replace("config", "data.config"),
    ],
    [
      "kind: ConfigMap\ndata:\n  config: |\n    provisioning: {}\n    a: 1",
      "5: a is not a setting",
    ],
    [
      "kind: ConfigMap\ndata:\n  config: |\n    provisioning: {",
      '5: a "{" before this is not closed',
    ],
  ];
  for (const [text, message] of bad) {
    await assert.rejects(parse(text), (error: Error) => {
      assert.equal(error.name, "ConfigError", text);
      assert.ok(error.message.startsWith("/etc/lab/lab.yaml:"), error.message);
      assert.ok(error.message.includes(message), `${error.message}\n${message}`);
      return true;
    });
  }
});

Deno.test("the example of the manual is taken as it is, and names every key of ours", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/controller.md", import.meta.url));
  const [, text = ""] = /^```yaml\n([^]*?)^```$/m.exec(page)!;
  const { start, live, warnings } = await parse(text);
  assert.deepEqual(warnings, []);
  assert.deepEqual(START_KEYS.filter((key) => !(key in start) && !page.includes(`\`${key}`)), []);
  assert.deepEqual(live.routers.map(({ labels }) => labels), [{ site: "berlin" }]);
});
