import assert from "node:assert/strict";
import { concat, readAll } from "./byte_stream.ts";
import { openRequest } from "./presigned.ts";

type Handler = (request: Request) => Response | Promise<Response>;

/** A web server for one test; requests are kept as they come. */
function serve(handler: Handler) {
  const requests: { url: string; headers: Headers }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    requests.push({ url: request.url, headers: new Headers(request.headers) });
    return handler(request);
  });
  return {
    requests,
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const secret = { authorization: "Bearer s", "x-amz-date": "d", cookie: "c", accept: "x/y" };
const get = (url: string, headers: Record<string, string> = {}) =>
  openRequest({ url, method: "GET", headers });

async function contentOf(url: string): Promise<string> {
  await using stream = await get(url);
  return new TextDecoder().decode(concat(await Array.fromAsync(readAll(stream))));
}

Deno.test("openRequest() downloads, percent escapes as they are", async () => {
  await using server = serve((request) => new Response(new URL(request.url).pathname));
  assert.equal(await contentOf(`${server.origin}/a%40b%2Fc`), "/a%40b%2Fc");
});

Deno.test("openRequest() follows redirects, and keeps secrets from other servers [exporter 20]", async () => {
  await using other = serve(() => new Response("found"));
  await using server = serve(({ url }) =>
    url.endsWith("/here")
      ? Response.redirect(`${new URL(url).origin}/there%40x`, 307)
      : Response.redirect(`${other.origin}/elsewhere%40x`, 302)
  );
  await using stream = await get(`${server.origin}/here`, secret);
  assert.equal(new TextDecoder().decode((await stream.read())!), "found");
  assert.equal(server.requests[1]!.headers.get("authorization"), "Bearer s");
  const { headers, url } = other.requests[0]!;
  assert.equal(new URL(url).pathname, "/elsewhere%40x");
  assert.equal(headers.get("accept"), "x/y");
  for (const name of ["authorization", "x-amz-date", "cookie"]) {
    assert.equal(headers.get(name), null);
  }
});

Deno.test("openRequest() ends a redirect loop", async () => {
  await using server = serve(({ url }) => Response.redirect(url, 302));
  await assert.rejects(get(`${server.origin}/x`), /redirects more than 10 times/);
  assert.equal(server.requests.length, 11);
});

Deno.test("openRequest() fails with the server's answer and without the query", async () => {
  await using server = serve(() => new Response("no", { status: 403, statusText: "Forbidden" }));
  await assert.rejects(get(`${server.origin}/x?signature=secret`), (error: Error) => {
    assert.match(error.message, /\/x\?\[REDACTED\] failed: the server answers 403 Forbidden$/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  await assert.rejects(get("http://127.0.0.1:1/x?signature=secret"), (error: Error) => {
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

Deno.test("openRequest() takes a download that breaks off for a failure", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(10_000));
    await connection.write(
      new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this"),
    );
  })();
  await assert.rejects(contentOf(`http://127.0.0.1:${listener.addr.port}/`), /GET .* failed: /);
  await serving;
  listener.close();
});

Deno.test("openRequest() uploads, and fails when the server refuses", async () => {
  const bodies: string[] = [];
  await using server = serve(async (request) => {
    bodies.push(await request.text());
    return new Response(null, { status: request.url.endsWith("/no") ? 500 : 201 });
  });
  const put = (path: string) =>
    openRequest({ url: `${server.origin}${path}`, method: "PUT", headers: {} });
  {
    await using stream = await put("/yes");
    await stream.write(new TextEncoder().encode("hello"));
  }
  assert.deepEqual(bodies, ["hello"]);
  const refused = await put("/no");
  await refused.write(new TextEncoder().encode("hello"));
  await assert.rejects(refused.closeWrite(), /PUT .*\/no failed: the server answers 500/);
  await refused[Symbol.asyncDispose]();
});
