import assert from "node:assert/strict";
import { openSqliteStore } from "@jumpstarter/controller/store";
import { exporter, linesOf, OURS, TOKEN } from "../../tests/support/api.ts";
import { mustRun, tempDir } from "../../tests/support/programs.ts";
import { until, within } from "../../tests/support/running.ts";
import { ApiServer } from "./mod.ts";

const PATH = `${OURS}/exporters`;

/** A certificate that signs itself, and is no authority; its key. */
async function identity(dir: string, name: string) {
  const [cert, key] = [`${dir}/${name}.pem`, `${dir}/${name}-key.pem`];
  await mustRun(
    "openssl",
    ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1".split(" "),
    ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"],
    ...["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", cert],
  );
  return { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
}

/** An API on the network, over a store in memory. */
async function serve() {
  await using stack = new AsyncDisposableStack();
  const { path: dir } = stack.use(await tempDir());
  const store = stack.use(await openSqliteStore(":memory:"));
  const faults: unknown[] = [];
  const first = await identity(dir, "first");
  const api = stack.use(
    await ApiServer.listen({
      hostname: "127.0.0.1",
      port: 0,
      identity: first,
      store,
      token: TOKEN,
      onFault: (error) => faults.push(error),
    }),
  );
  const ask = async (path: string, init: RequestInit = {}, ca = first.cert) => {
    using client = Deno.createHttpClient({ caCerts: [ca] });
    const response = await fetch(`https://${api.endpoint}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      client,
    });
    return { code: response.status, body: await response.json() };
  };
  const held = stack.move();
  return { api, store, dir, faults, ask, first, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

Deno.test("the API answers over TLS", async () => {
  await using lab = await serve();
  const body = JSON.stringify(exporter("e1"));
  assert.equal((await lab.ask(PATH, { method: "POST", body })).code, 201);
  assert.equal((await lab.ask(`${PATH}/e1`)).body.metadata.name, "e1");
  assert.deepEqual(lab.faults, []);
});

Deno.test("another certificate is shown from the next connection on", async () => {
  await using lab = await serve();
  const second = await identity(lab.dir, "second");
  await assert.rejects(lab.ask("/version", {}, second.cert));
  lab.api.useIdentity(second);
  assert.equal((await lab.ask("/version", {}, second.cert)).code, 200);
});

Deno.test("a watch goes on while nothing happens, and ends in order with the API", async () => {
  const lab = await serve();
  using client = Deno.createHttpClient({ caCerts: [lab.first.cert] });
  const response = await fetch(`https://${lab.api.endpoint}${PATH}?watch=true`, {
    headers: { authorization: `Bearer ${TOKEN}` },
    client,
  });
  const lines = linesOf(response);
  await lab.store.exporters.create({ metadata: { namespace: "lab", name: "e1" }, spec: {} });
  assert.equal((await lines.next()).value!.object.metadata.name, "e1");
  const ended = lines.next();
  await within(2_000, lab[Symbol.asyncDispose]());
  assert.equal((await ended).done, true);
});

Deno.test("a watch whose client is gone ends too", async () => {
  await using lab = await serve();
  let watching = 0;
  const { watch } = lab.store.exporters;
  lab.store.exporters.watch = (options) => {
    watching++;
    options?.signal?.addEventListener("abort", () => watching--);
    return watch.call(lab.store.exporters, options);
  };
  const gone = new AbortController();
  using client = Deno.createHttpClient({ caCerts: [lab.first.cert] });
  const response = await fetch(`https://${lab.api.endpoint}${PATH}?watch=true`, {
    headers: { authorization: `Bearer ${TOKEN}` },
    signal: gone.signal,
    client,
  });
  assert.equal(watching, 1);
  gone.abort();
  await assert.rejects(response.text());
  await until("the watch ends", () => watching === 0, 5_000);
});

Deno.test("strangers who do not speak HTTP disturb nobody", async () => {
  await using lab = await serve();
  const port = Number(lab.api.endpoint.split(":")[1]);
  using idle = await Deno.connect({ hostname: "127.0.0.1", port });
  using plain = await Deno.connect({ hostname: "127.0.0.1", port });
  await plain.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
  for (
    const text of [
      "\0\0\0\0\r\n\r\n",
      "GET / HTTP/1.1\r\nx: ",
      `TRACE / HTTP/1.1\r\nhost: x\r\n\r\n`,
    ]
  ) {
    using tls = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts: [lab.first.cert] });
    await tls.write(new TextEncoder().encode(text));
    if (text.endsWith("\r\n\r\n")) await tls.read(new Uint8Array(1024));
  }
  assert.equal((await lab.ask("/version")).code, 200);
  assert.ok(idle.localAddr);
  assert.deepEqual(lab.faults, []);
});

Deno.test("a body that is not read does not stand before the next request", async () => {
  await using lab = await serve();
  const big = "x".repeat(4 * 1024 * 1024);
  const { code } = await lab.ask(PATH, { method: "POST", body: big });
  assert.equal(code, 413);
  assert.equal((await lab.ask("/version")).code, 200);
});
