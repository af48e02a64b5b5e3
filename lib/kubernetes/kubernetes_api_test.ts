import assert from "node:assert/strict";
import { makeAuthority, makeServerCertificate } from "../../controller/services/certificates.ts";
import type { Cluster } from "./kubeconfig.ts";
import { KubernetesApi, KubernetesError, type ObjectChange } from "./mod.ts";

const BASE = "/apis/jumpstarter.dev/v1alpha1/namespaces/lab";
const { signal } = new AbortController();

/** An API that answers what it is told to; what it was asked, in order. */
async function served(
  answer: (request: Request) => Response | Promise<Response>,
  use: (api: KubernetesApi, asked: string[]) => Promise<void>,
  more: Partial<Cluster> & { signal?: AbortSignal } = {},
): Promise<void> {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname, search } = new URL(request.url);
    asked.push(`${request.method} ${pathname}${search}`);
    return answer(request);
  });
  try {
    const cluster = { server: `http://127.0.0.1:${server.addr.port}`, file: "config", ...more };
    using api = await KubernetesApi.open(cluster, "lab", more.signal ?? signal);
    await use(api, asked);
  } finally {
    await server.shutdown();
  }
}

const named = (name: string, version = "1") => ({ metadata: { name, resourceVersion: version } });
const status = (code: number, reason: string, message: string) =>
  Response.json({ kind: "Status", code, reason, message }, { status: code });
const lines = (...events: unknown[]) =>
  new Response(events.map((event) => `${JSON.stringify(event)}\n`).join(""));

Deno.test("objects are read, listed, made and deleted where Kubernetes has them", async () => {
  const answers: Record<string, unknown> = { [`GET ${BASE}/clients`]: { items: [named("c1")] } };
  const answer = (request: Request) => {
    assert.equal(request.headers.get("authorization"), "Bearer secret");
    return Response.json(
      answers[`${request.method} ${new URL(request.url).pathname}`] ?? named("x"),
    );
  };
  await served(answer, async (api, asked) => {
    assert.equal((await api.get("exporters", "e1")).metadata.name, "x");
    assert.deepEqual((await api.list("clients")).items, [named("c1")]);
    await api.create("clients", named("c2"));
    await api.delete("secrets", "s.1");
    assert.deepEqual(asked, [
      `GET ${BASE}/exporters/e1`,
      `GET ${BASE}/clients`,
      `POST ${BASE}/clients`,
      "DELETE /api/v1/namespaces/lab/secrets/s.1",
    ]);
  }, { token: "secret" });
});

Deno.test("a name never leads to another place, such as all objects of a kind", async () => {
  await served(() => Response.json({}), async (api, asked) => {
    for (const name of ["", ".", "..", "a/b", "../secrets/x", "a?x", "a%2Fb", " ", "-a"]) {
      await assert.rejects(api.delete("clients", name), { code: "usage" });
      await assert.rejects(api.create("clients", named(name)), { code: "usage" });
    }
    const cluster = { server: "http://127.0.0.1:1", file: "config" };
    await assert.rejects(KubernetesApi.open(cluster, "..", signal), {
      message: /^"\.\." cannot be a namespace/,
    });
    assert.deepEqual(asked, []);
  });
});

Deno.test("what is refused is told in the server's words", async () => {
  const refusals: [answer: () => Response, message: RegExp][] = [
    [() => status(404, "NotFound", 'clients "c" not found'), /^Error from server \(NotFound\): cl/],
    [
      () => status(401, "Unauthorized", "Unauthorized"),
      /Unauthorized; the credential in config is/,
    ],
    [() => new Response("<html>", { status: 502 }), /\(HTTP 502\): it does not say why$/],
    [() => Response.redirect("http://127.0.0.1:1/", 302), /\(HTTP 302\)/],
    [() => new Response("hello"), /is no Kubernetes API: its answer is not an object/],
    [() => Response.json(null), /is no Kubernetes API/],
  ];
  for (const [answer, message] of refusals) {
    await served(answer, async (api) => {
      await assert.rejects(api.get("clients", "c"), { message });
    });
  }
  await served(() => status(404, "NotFound", "no"), async (api) => {
    assert.equal(await api.find("clients", "c"), undefined);
  });
  await served(() => Response.json({}), async (api) => {
    await assert.rejects(api.list("clients"), /its answer is not a list/);
  });
});

Deno.test("changes are followed over the end of a watch and a gap in the server's memory", async () => {
  const watches = [
    () =>
      lines(
        { type: "ADDED", object: named("a", "2") },
        { type: "BOOKMARK", object: { metadata: { resourceVersion: "7" } } },
      ),
    () => lines({ type: "ERROR", object: { code: 410, reason: "Expired", message: "too old" } }),
    () => lines({ type: "DELETED", object: named("a", "21") }),
    () => lines({ type: "ERROR", object: { code: 403, reason: "Forbidden", message: "no" } }),
  ];
  const answer = ({ url }: Request) =>
    new URL(url).searchParams.has("watch")
      ? watches.shift()!()
      : Response.json({ metadata: { resourceVersion: "20" }, items: [named("a", "19")] });
  await served(answer, async (api, asked) => {
    const seen: ObjectChange[] = [];
    await assert.rejects(async () => {
      for await (const change of api.follow("leases", "1", { "metadata.name": "a" })) {
        seen.push(change);
      }
    }, (error) => error instanceof KubernetesError && error.reason === "Forbidden");
    assert.deepEqual(seen, [
      { type: "ADDED", object: named("a", "2") },
      { type: "MODIFIED", object: named("a", "19") },
      { type: "DELETED", object: named("a", "21") },
    ]);
    const versions = asked.map((line) => new URLSearchParams(line).get("resourceVersion"));
    assert.deepEqual(versions, ["1", "7", null, "20", "21"]);
    assert.ok(asked.every((line) => line.includes("fieldSelector=metadata.name%3Da")));
  });
});

Deno.test("an answer that does not come ends with the signal", async () => {
  const ending = new AbortController();
  const reason = new Error("Ctrl-C");
  const body = () => new Response(new ReadableStream({ start: () => ending.abort(reason) }));
  await served(body, async (api) => {
    await assert.rejects(api.get("clients", "c"), (error) => error === reason);
  }, { signal: ending.signal });
});

Deno.test("certificates are verified as the kubeconfig says", async () => {
  const authority = await makeAuthority();
  const { cert, key } = await makeServerCertificate(authority, ["127.0.0.1", "localhost"]);
  const ca = authority.cert;
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert, key, onListen() {} },
    (request) => Response.json(named(request.method)),
  );
  const base = { server: `https://127.0.0.1:${server.addr.port}`, file: "config" };
  const get = async (cluster: Partial<Cluster>) => {
    using api = await KubernetesApi.open({ ...base, ...cluster }, "lab", signal);
    return (await api.get("clients", "c")).metadata.name;
  };
  assert.equal(await get({ ca }), "GET");
  assert.equal(await get({ ca, serverName: "localhost" }), "GET");
  assert.equal(await get({ isUnverified: true, token: "secret" }), "GET");
  const untrusted = /^cannot reach https:.*: its certificate is not trusted \(/;
  await assert.rejects(get({}), { code: "connection", message: untrusted });
  await assert.rejects(get({ ca, serverName: "lab.example.com" }), { message: untrusted });
  await assert.rejects(get({ serverName: "localhost" }), { message: untrusted });
  await assert.rejects(get({ ca, identity: { cert: "x", key: "y" } }), { code: "config" });
});

Deno.test("a server that is not there is told of in a sentence", async () => {
  const { port } = (() => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    return listener.addr as Deno.NetAddr;
  })();
  const cluster = { server: `http://127.0.0.1:${port}`, file: "config" };
  using api = await KubernetesApi.open(cluster, "lab", signal);
  await assert.rejects(api.get("clients", "c"), {
    message: /^cannot reach http:\/\/127\.0\.0\.1:\d+: [^/]*refused/,
  });
});
