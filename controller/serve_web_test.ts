import * as assert from "node:assert/strict";
import { ClientService } from "@jumpstarter/proto";
import { TestLab } from "../tests/support/lab.ts";
import { create, FakeExporter } from "../tests/support/lab_calls.ts";
import { OidcIssuer } from "../tests/support/oidc_issuer.ts";
import { until } from "../tests/support/running.ts";
import type { ControllerOptions } from "./services/mod.ts";
import { serveWeb } from "./serve_web.ts";

const ANY = { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const;

async function served(options: Partial<ControllerOptions> = {}) {
  await using stack = new AsyncDisposableStack();
  const lab = stack.use(await TestLab.start(options));
  const web = stack.use(
    await serveWeb(lab.controller, {
      host: "127.0.0.1",
      metricsListen: ANY,
      loginListen: ANY,
      loginEndpoint: "login.example.com",
      log: () => {},
    }),
  );
  const { ca } = lab.controller.identity;
  const get = async (base: string, path: string, init: RequestInit = {}) => {
    using client = Deno.createHttpClient({ caCerts: [ca] });
    const answer = await fetch(new URL(path, base), { ...init, client });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const held = stack.move();
  return {
    lab,
    metrics: (path: string, init?: RequestInit) => get(web.metrics!, path, init),
    login: (path: string, init?: RequestInit) => get(web.login!, path, init),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

Deno.test("acquisitions are counted from the start, each once, with a case to look at [controller 120]", async () => {
  await using bench = await served();
  const { lab } = bench;
  const counts = async () => {
    const { text } = await bench.metrics("/metrics");
    const [, success] = /^jumpstarter_lease_acquisitions_total\{result="success"\} (.*)$/m
      .exec(text)!;
    const [, failure] = /^jumpstarter_lease_acquisitions_total\{result="failure"\} (.*)$/m
      .exec(text)!;
    return [success, failure];
  };
  assert.deepEqual(await counts(), ["0", "0"]);
  await using _exporter = await FakeExporter.start(lab, await lab.exporter("e1", { board: "x" }));
  using client = lab.connect(await lab.client("c1"));
  const { name } = await create(client, { selector: "board=x" });
  await create(client, { selector: "board=x" }); // which waits
  await create(client, { exporterName: "nobody" });
  await client.unary(ClientService.updateLease, {
    lease: { name, duration: { seconds: 7_200, nanos: 0 } },
  });
  assert.deepEqual(await counts(), ["1", "1"]);
  const { text, headers } = await bench.metrics("/metrics");
  assert.match(headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
  assert.doesNotMatch(text, / # \{/);
  assert.match(text, /^jumpstarter_exporters\{status="Available"\} 1$/m);
  assert.match(text, /^jumpstarter_exporters_online 1$/m);
  assert.match(text, /^jumpstarter_certificate_expiry_time_seconds \d+$/m);
  assert.match(text, /^jumpstarter_leases\{state="ready"\} 1$/m);
  assert.match(text, /^jumpstarter_leases\{state="waiting"\} 1$/m);
  assert.match(text, /^jumpstarter_lease_wait_seconds_count 1$/m);
  assert.match(text, /^jumpstarter_router_tunnels 0$/m);
  const accept = "application/openmetrics-text; version=1.0.0";
  const open = await bench.metrics("/metrics", { headers: { accept } });
  assert.match(open.headers.get("content-type")!, /^application\/openmetrics-text/);
  assert.match(open.text, /^# TYPE jumpstarter_lease_acquisitions counter$/m);
  const id = name.split("/").at(-1);
  assert.ok(
    open.text.includes(`{result="success"} 1 # {client="c1",lease_id="${id}"} 1\n`),
    open.text,
  );
  assert.ok(open.text.endsWith("# EOF\n"));
});

Deno.test("a controller is ready when a login would work, and says what is missing", async () => {
  await using issuer = await OidcIssuer.start();
  let isDown = true;
  issuer.answer = () => isDown ? new Response(null, { status: 503 }) : undefined;
  const issuers = [{
    issuer: { url: issuer.url, certificateAuthority: issuer.ca, audiences: ["lab"] },
    claimValidationRules: [],
    claimMappings: { username: { claim: "name", prefix: "" }, extra: [] },
    userValidationRules: [],
  }];
  await using bench = await served();
  assert.deepEqual((await bench.metrics("/healthz")).text, "ok");
  assert.deepEqual((await bench.metrics("/readyz")).text, "ok");
  await bench.lab.controller.use({
    issuers,
    provisioning: false,
    maxTags: 10,
    hiddenLabels: [],
    deprecatedLabels: {},
    routers: [],
  });
  const { status, text } = await bench.metrics("/readyz");
  assert.equal(status, 503);
  assert.equal(text, `the keys of issuer ${issuer.url} are not there yet\n`);
  assert.equal((await bench.metrics("/healthz")).status, 200);
  isDown = false;
});

Deno.test("a page says how to log in, and what jmp login reads [controller 118]", async () => {
  await using bench = await served();
  const { status, headers, text } = await bench.login("/");
  assert.equal(status, 200);
  assert.match(text, /Jumpstarter/);
  assert.match(text, /jmp login &lt;user&gt;@login\.example\.com/);
  assert.match(headers.get("content-security-policy")!, /default-src 'none'/);
  const { endpoint, routerEndpoint, identity } = bench.lab.controller;
  const config = JSON.parse((await bench.login("/v1/auth/config")).text);
  assert.deepEqual(config, {
    grpcEndpoint: endpoint,
    routerEndpoint,
    namespace: "lab",
    caBundle: btoa(identity.ca),
  });
  assert.equal((await bench.login("/healthz")).text, "ok");
  for (const path of ["/nothing", "/metrics", "/__proto__", "/v1"]) {
    assert.equal((await bench.login(path)).status, 404, path);
  }
  assert.equal((await bench.login("/", { method: "POST", body: "x" })).status, 405);
  assert.equal((await bench.login("/", { method: "HEAD" })).text, "");
});

Deno.test("what is shown of issuers is theirs, and cannot be more than text [controller 118]", async () => {
  await using bench = await served();
  await bench.lab.controller.use({
    issuers: [{
      issuer: { url: "https://dex.example.com/<b>", audiences: ["a", "b"] },
      claimValidationRules: [],
      claimMappings: { username: { claim: "name", prefix: "dex:" }, extra: [] },
      userValidationRules: [],
    }],
    provisioning: false,
    maxTags: 10,
    hiddenLabels: [],
    deprecatedLabels: {},
    routers: [],
  });
  await until("the issuer is shown", async () => (await bench.login("/")).text.includes("dex"));
  assert.match((await bench.login("/")).text, /dex\.example\.com\/&lt;b&gt;/);
  const { oidc } = JSON.parse((await bench.login("/v1/auth/config")).text);
  const issuer = "https://dex.example.com/<b>";
  assert.deepEqual(oidc, [{ issuer, clientId: "jumpstarter-cli", audiences: ["a", "b"] }]);
});
