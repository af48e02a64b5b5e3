/** Nobody does anything in a lab with a credential that is not good, not theirs, or for something else. */
import * as assert from "node:assert/strict";
import { RouterTokens } from "@jumpstarter/controller/auth";
import { Channel, RpcError, type StatusName } from "@jumpstarter/lib/rpc";
import {
  ClientService,
  ControllerService,
  RouterService,
  TelemetryService,
} from "@jumpstarter/proto";
import { serveAdministration } from "../../controller/administration.ts";
import { signClaims } from "../../controller/auth/token.ts";
import { loadKeys } from "../../controller/services/keys.ts";
import { type Member, TestLab } from "../support/lab.ts";
import { bare, create, FakeExporter, refused } from "../support/lab_calls.ts";
import { until } from "../support/running.ts";
import {
  type Claims,
  claims,
  isRefusal,
  LAB_CALLS,
  type Members,
  strangers,
} from "./strangers_to_a_lab.ts";

/** How long the router may take to refuse, milliseconds. */
const TIMEOUT = 10_000;

/** A lab with an exporter, and a lease of it that a client holds. */
interface Leased extends AsyncDisposable {
  readonly lab: TestLab;
  readonly client: Member;
  readonly exporter: Member;
  readonly lease: string;
}

async function leasedLab(): Promise<Leased> {
  await using stack = new AsyncDisposableStack();
  const lab = stack.use(await TestLab.start({ settings: { telemetry: { minSeverity: "info" } } }));
  const exporter = await lab.exporter("e1", { board: "x" });
  stack.use(await FakeExporter.start(lab, exporter));
  const client = await lab.client("c1");
  const channel = stack.use(lab.connect(client));
  const lease = bare((await create(channel, { selector: "board=x" })).name);
  const moved = stack.move();
  return {
    lab,
    client,
    exporter,
    lease,
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** Serves the administration of a lab. */
async function administer({ lab }: Leased) {
  return await serveAdministration(lab.controller, {
    data: `${lab.dir}/data`,
    listen: { kind: "tcp", hostname: "127.0.0.1", port: 0 },
    host: "127.0.0.1",
    namespace: "lab",
    log: () => {},
  });
}

/** Makes a member whose token is replaced: it has the one before. */
async function rotated(lab: TestLab, member: Member): Promise<Member> {
  await lab.store.secrets.delete("lab", `${member.name}-${member.kind.toLowerCase()}`);
  const current = () => lab.tokenOf(member.kind, member.name).catch(() => member.token);
  await until("there is a new token", async () => await current() !== member.token);
  return member;
}

async function membersOf({ lab, client, exporter }: Leased, kind: Member["kind"]) {
  const isClient = kind === "Client";
  const make = (name: string) => isClient ? lab.client(name) : lab.exporter(name);
  const deleted = await make("deleted");
  await (isClient ? lab.store.clients : lab.store.exporters).delete("lab", "deleted");
  await until("its token is gone", async () => {
    return await lab.tokenOf(kind, "deleted").then(() => false, () => true);
  });
  const members: Members = {
    self: isClient ? client : exporter,
    other: await make("other"),
    otherKind: isClient ? exporter : client,
    rotated: await rotated(lab, await make("rotated")),
    deleted,
  };
  return members;
}

function connect(lab: TestLab, metadata: Claims): Channel {
  const [hostname = "", port] = lab.controller.endpoint.split(":");
  const tls = { ca: lab.controller.identity.ca };
  return new Channel({ kind: "tcp", hostname, port: Number(port) }, { tls, metadata });
}

/** All that a call could have changed. */
async function contents({ store }: TestLab): Promise<string> {
  const collections = [store.clients, store.exporters, store.leases, store.secrets];
  const lists = await Promise.all(collections.map((each) => each.list({ namespace: "lab" })));
  const state = lists.flatMap(({ items }) =>
    items.map(({ metadata }) => [metadata.uid, metadata.resourceVersion])
  );
  return JSON.stringify(state);
}

for (const kind of ["Client", "Exporter"] as const) {
  Deno.test(`calls of ${kind}s are refused to everybody else, and change nothing`, async () => {
    await using leased = await leasedLab();
    const { lab, lease } = leased;
    await using _administration = await administer(leased);
    const calls = LAB_CALLS.filter(({ kinds }) => kinds.includes(kind));
    const members = await membersOf(leased, kind);
    const before = await contents(lab);
    for (const { who, metadata, status, details, except = [] } of await strangers(lab, members)) {
      using channel = connect(lab, metadata);
      for (const { name, make } of calls.filter(({ name }) => !except.includes(name))) {
        const error = await make(channel, lease).then(() => undefined, (error) => error);
        const refusal = error instanceof RpcError ? error : error?.cause;
        assert.ok(refusal instanceof RpcError, `${who}, ${name}: ${error ?? "let through"}`);
        assert.equal(refusal.status, status, `${who}, ${name}: ${refusal.details}`);
        assert.match(refusal.details, details, `${who}, ${name}`);
      }
    }
    assert.equal(await contents(lab), before);
    for (const { token } of Object.values(members)) {
      assert.ok(!lab.log.some((line) => line.includes(token)), "a token is in the log");
    }
    // The same calls are let through for whom they are meant.
    using channel = connect(lab, claims(members.self, members.self.token));
    for (const { name, make } of calls) {
      const error = await make(channel, lease).then(() => undefined, (error) => error);
      assert.ok(!isRefusal(error), `${name}: ${error}`);
    }
  });
}

Deno.test("log records of an exporter are taken with its token alone", async () => {
  await using leased = await leasedLab();
  const { lab } = leased;
  await using _administration = await administer(leased);
  const members = await membersOf(leased, "Exporter");
  const refusals = ["UNAUTHENTICATED", "PERMISSION_DENIED", "INVALID_ARGUMENT"];
  const entries = [{ exporter: "e1", message: "forged" }];
  for (const { who, metadata } of await strangers(lab, members)) {
    // What is said beside the token is of no account.
    if (metadata.authorization === `Bearer ${members.self.token}`) continue;
    using channel = connect(lab, metadata);
    const pushed = channel.unary(TelemetryService.pushLogs, { entries });
    if (metadata.authorization === `Bearer ${members.other.token}`) {
      assert.deepEqual(await pushed, { accepted: 0, dropped: 1 });
      continue;
    }
    const error = await pushed.then(() => undefined, (error) => error);
    const refusal = error instanceof RpcError ? error : error?.cause;
    assert.ok(refusal instanceof RpcError, `${who}: ${error ?? "let through"}`);
    assert.ok(refusals.includes(refusal.status), `${who}: ${refusal}`);
  }
  assert.ok(!lab.log.some((line) => line.includes("forged")));
});

Deno.test("a lease is nobody's but its owner's and its exporter's", async () => {
  await using leased = await leasedLab();
  const { lab, lease } = leased;
  using stranger = lab.connect(await lab.client("c2"));
  using elsewhere = lab.connect(await lab.exporter("e2", { board: "y" }));
  const name = `namespaces/lab/leases/${lease}`;
  const before = await contents(lab);
  const denied = /permission denied/;
  const { dial, getLease, releaseLease, listen } = ControllerService;
  const { updateLease, deleteLease } = ClientService;
  const more = { lease: { name, duration: { seconds: 7_200, nanos: 0 } } };
  const theft = { lease: { name, client: "namespaces/lab/clients/c2" } };
  await refused(stranger.unary(dial, { leaseName: lease }), "UNKNOWN", denied);
  await refused(stranger.unary(getLease, { name: lease }), "UNKNOWN", denied);
  await refused(stranger.unary(releaseLease, { name: lease }), "UNKNOWN", denied);
  await refused(stranger.unary(updateLease, more), "UNKNOWN", denied);
  await refused(stranger.unary(updateLease, theft), "UNKNOWN", denied);
  await refused(stranger.unary(deleteLease, { name }), "UNKNOWN", denied);
  await refused(elsewhere.serverStream(listen, { leaseName: lease }), "UNKNOWN", denied);
  const release = elsewhere.unary(releaseLease, { name: lease });
  await refused(release, "FAILED_PRECONDITION", /not held by exporter/);
  assert.equal(await contents(lab), before);
});

Deno.test("a lease that has ended opens nothing", async () => {
  await using leased = await leasedLab();
  const { lab, lease, client, exporter } = leased;
  using owner = lab.connect(client);
  using holder = lab.connect(exporter);
  await owner.unary(ClientService.deleteLease, { name: `namespaces/lab/leases/${lease}` });
  const { dial, listen } = ControllerService;
  await refused(owner.unary(dial, { leaseName: lease }), "UNKNOWN", /has ended/);
  await refused(holder.serverStream(listen, { leaseName: lease }), "UNKNOWN", /has ended/);
  const name = `namespaces/lab/leases/${lease}`;
  const again = owner.unary(ClientService.deleteLease, { name });
  await refused(again, "FAILED_PRECONDITION", /already been released/);
});

Deno.test("the router lets in nobody whose token is not for it, not good, or used up", async () => {
  await using leased = await leasedLab();
  const { lab, client, exporter, lease } = leased;
  const { router } = await loadKeys(lab.store, "lab");
  const tokens = new RouterTokens({ key: router });
  const past = new RouterTokens({ key: router, now: () => Date.now() - 3_600_000 });
  const future = new RouterTokens({ key: router, now: () => Date.now() + 3_600_000 });
  const foreign = new RouterTokens({ key: "the key of another lab" });
  const good = await tokens.issue(lease);
  const payload = JSON.parse(
    new TextDecoder().decode(Uint8Array.fromBase64(good.split(".")[1]!, { alphabet: "base64url" })),
  );
  const signed = (changes: Record<string, unknown>) =>
    signClaims({ ...payload, ...changes }, new TextEncoder().encode(router), "HS256");
  const [hostname = "", port] = lab.controller.routerEndpoint.split(":");
  const endpoint = { kind: "tcp", hostname, port: Number(port) } as const;
  const tls = { ca: lab.controller.identity.ca };
  /** Comes to the router; what its call ends with, or what it reads. */
  async function come(token: string | undefined, beside?: AbortSignal): Promise<StatusName> {
    using channel = new Channel(endpoint, {
      tls,
      metadata: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    const call = channel.duplex(RouterService.stream, {
      timeout: TIMEOUT,
      ...(beside === undefined ? {} : { signal: beside }),
    });
    const error = await call.messages.read().then(() => undefined, (error) => error);
    call.cancel();
    return error?.status ?? "OK";
  }
  const bad: Record<string, string | undefined> = {
    "no token": undefined,
    garbage: "garbage",
    "an expired one": await past.issue(lease),
    "one that is not valid yet": await future.issue(lease),
    "one of another lab": await foreign.issue(lease),
    "one for another audience": await signed({ aud: ["https://elsewhere.example"] }),
    "one of another issuer": await signed({ iss: "https://elsewhere.example" }),
    "one without an end": await signed({ exp: undefined }),
    "one without a tunnel": await signed({ sub: "" }),
    "one that is changed": good.slice(0, -6) + "AAAAAA",
    "a client's": client.token,
    "an exporter's": exporter.token,
    "one for a lease that is none": await tokens.issue("no-such-lease"),
  };
  for (const [what, token] of Object.entries(bad)) {
    assert.equal(await come(token), "UNAUTHENTICATED", what);
  }
  // Both ends meet; whoever comes with the same token then is a third one.
  const ending = new AbortController();
  const ends = [come(good, ending.signal), come(good, ending.signal)];
  await until("the ends have met", async () => await come(good) === "UNAUTHENTICATED");
  ending.abort();
  await Promise.all(ends);
  const last = await tokens.issue(lease);
  using owner = lab.connect(client);
  await owner.unary(ClientService.deleteLease, { name: `namespaces/lab/leases/${lease}` });
  assert.equal(await come(last), "UNAUTHENTICATED", "one for a lease that has ended");
  assert.ok(!lab.log.some((line) => line.includes(good) || line.includes(last)));
});

Deno.test("administration is refused to everybody but the administrator, and nothing changes", async () => {
  await using leased = await leasedLab();
  const { lab, client, exporter, lease } = leased;
  await using administration = await administer(leased);
  const kubeconfig = await Deno.readTextFile(administration.kubeconfig);
  const server = /server: "?(https:[^"\s]+)/.exec(kubeconfig)![1]!;
  const admin = await Deno.readTextFile(`${lab.dir}/data/admin-token`);
  const { router } = await loadKeys(lab.store, "lab");
  const credentials: Record<string, Record<string, string>> = {
    none: {},
    garbage: { authorization: "Bearer garbage" },
    empty: { authorization: "Bearer " },
    "half of it": { authorization: `Bearer ${admin.slice(0, -1)}` },
    "more of it": { authorization: `Bearer ${admin}A` },
    "it in another case": { authorization: `Bearer ${swapCase(admin)}` },
    "it with another scheme": { authorization: `Basic ${btoa(`admin:${admin}`)}` },
    "a client's": { authorization: `Bearer ${client.token}` },
    "an exporter's": { authorization: `Bearer ${exporter.token}` },
    "a router's": { authorization: `Bearer ${await new RouterTokens({ key: router }).issue()}` },
    "a cookie": { cookie: `token=${admin}` },
    "someone else impersonated": { "impersonate-user": "admin", "impersonate-group": "masters" },
  };
  const group = "/apis/jumpstarter.dev/v1alpha1/namespaces/lab";
  const core = "/api/v1/namespaces/lab";
  const object = JSON.stringify({ metadata: { name: "new" }, spec: {} });
  const patch = JSON.stringify({ metadata: { labels: { taken: "over" } } });
  const merge = "application/merge-patch+json";
  const requests: [method: string, path: string, body?: string, type?: string][] = [];
  for (const plural of ["clients", "exporters", "leases", "exporteraccesspolicies"]) {
    const name = { clients: "c1", exporters: "e1", leases: lease }[plural] ?? "p1";
    requests.push(
      ["GET", `${group}/${plural}`],
      ["GET", `${group}/${plural}?watch=true&timeoutSeconds=1`],
      ["POST", `${group}/${plural}`, object],
      ["DELETE", `${group}/${plural}`],
      ["GET", `${group}/${plural}/${name}`],
      ["PUT", `${group}/${plural}/${name}`, object],
      ["PATCH", `${group}/${plural}/${name}`, patch, merge],
      ["PATCH", `${group}/${plural}/${name}`, patch, "application/apply-patch+yaml"],
      ["DELETE", `${group}/${plural}/${name}`],
      ["GET", `${group}/${plural}/${name}/status`],
      ["PATCH", `${group}/${plural}/${name}/status`, patch, merge],
    );
  }
  for (const [plural, name] of [["secrets", "c1-client"], ["configmaps", "x"]]) {
    requests.push(
      ["GET", `${core}/${plural}`],
      ["GET", `${core}/${plural}/${name}`],
      ["POST", `${core}/${plural}`, object],
      ["PUT", `${core}/${plural}/${name}`, object],
      ["PATCH", `${core}/${plural}/${name}`, patch, merge],
      ["DELETE", `${core}/${plural}/${name}`],
      ["DELETE", `${core}/${plural}`],
    );
  }
  const documents = ["/version", "/api", "/apis", "/openapi/v2", "/openapi/v3", "/", "/no-such"];
  requests.push(
    ...documents.map((path): [string, string] => ["GET", path]),
    ["GET", `${core}/events`],
    ["GET", `${group}/clients?access_token=${admin}`],
    ["OPTIONS", `${group}/clients`],
  );
  using http = Deno.createHttpClient({ caCerts: [lab.controller.identity.ca] });
  const ask = async (
    [method, path, body, type]: (typeof requests)[number],
    headers: Record<string, string>,
  ) => {
    const answer = await fetch(`${server}${path}`, {
      client: http,
      method,
      headers: { ...headers, ...(body && { "content-type": type ?? "application/json" }) },
      body: body ?? null,
    });
    return { code: answer.status, text: await answer.text() };
  };
  const before = await contents(lab);
  for (const [what, headers] of Object.entries(credentials)) {
    for (const request of requests) {
      const { code, text } = await ask(request, headers);
      assert.equal(code, 401, `${what}: ${request.slice(0, 2).join(" ")}: ${text}`);
      assert.equal(JSON.parse(text).reason, "Unauthorized");
    }
  }
  assert.equal(await contents(lab), before);
  // The same credential, whole, opens what it should.
  const { code } = await ask(requests[0]!, { authorization: `Bearer ${admin}` });
  assert.equal(code, 200);
});

function swapCase(text: string): string {
  const swap = (char: string) =>
    char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase();
  return text.replace(/[a-z]/gi, swap);
}
