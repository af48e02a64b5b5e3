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

Deno.test("openRequest() follows a redirect within the server, and ten in a row", async () => {
  await using server = serve(({ url }) => {
    const left = Number(new URL(url).pathname.slice(1));
    return left === 0
      ? new Response("arrived")
      : new Response(null, { status: 302, headers: { location: `/${left - 1}` } });
  });
  assert.equal(await contentOf(`${server.origin}/10`), "arrived");
  await assert.rejects(get(`${server.origin}/11`), /\/11 failed: it redirects more than 10 times$/);
});

Deno.test("openRequest() says that a redirect leads nowhere", async () => {
  for (const headers of [{}, { location: "http://" }, { location: "file:///etc/hostname" }]) {
    await using server = serve(() => new Response(null, { status: 302, headers }));
    await assert.rejects(get(`${server.origin}/x`), /it redirects without saying where to$/);
  }
});

Deno.test("openRequest() tells no secrets of where a redirect leads", async () => {
  await using server = serve(() =>
    Response.redirect("http://me:password@127.0.0.1:1/y?signature=secret", 302)
  );
  await assert.rejects(get(`${server.origin}/x`), ({ message }: Error) => {
    assert.match(message, /^GET http:.*\/x failed: /);
    assert.doesNotMatch(message, /secret|password/);
    return true;
  });
});

Deno.test("openRequest() gives up when it is told to, at any point", async () => {
  const waiting = Promise.withResolvers<void>();
  await using server = serve(({ url }) => {
    if (url.endsWith("/silent")) return waiting.promise.then(() => new Response());
    const body = new ReadableStream({ start: (part) => part.enqueue(new Uint8Array(10)) });
    return new Response(body);
  });
  const request = (
    path: string,
  ) => ({ url: server.origin + path, method: "GET", headers: {} } as const);
  const early = new AbortController();
  const silent = openRequest(request("/silent"), early.signal);
  early.abort();
  await assert.rejects(silent, /GET .*\/silent failed: it was cancelled$/);
  const late = new AbortController();
  const stream = await openRequest(request("/slow"), late.signal);
  await stream.read();
  const reading = stream.read();
  late.abort();
  await assert.rejects(reading, /GET .*\/slow failed: it was cancelled$/);
  await stream[Symbol.asyncDispose]();
  await assert.rejects(openRequest(request("/late"), late.signal), /it was cancelled$/);
  waiting.resolve();
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

Deno.test("openRequest() fails an upload that is refused early, and says so once", async () => {
  await using server = serve(() => new Response(null, { status: 403 }));
  const request = { url: `${server.origin}/no`, method: "PUT", headers: {} } as const;
  const upload = (async () => {
    await using stream = await openRequest(request);
    for (;;) await stream.write(new Uint8Array(65_536));
  })();
  await assert.rejects(upload, /^DriverError: PUT .*\/no failed: the server answers 403/);
});

Deno.test("openRequest() uploads, and fails when the server refuses", async () => {
  const bodies: string[] = [];
  await using server = serve(async (request) => {
    bodies.push(await request.text());
    const refusals = { "/no": 500, "/moved": 307 } as Record<string, number>;
    return new Response(null, { status: refusals[new URL(request.url).pathname] ?? 201 });
  });
  const put = (path: string) =>
    openRequest({ url: `${server.origin}${path}`, method: "PUT", headers: {} });
  {
    await using stream = await put("/yes");
    await stream.write(new TextEncoder().encode("hello"));
    await stream.closeWrite();
  }
  assert.deepEqual(bodies, ["hello"]);
  for (const [path, status] of [["/no", 500], ["/moved", 307]] as const) {
    const refused = await put(path);
    await refused.write(new TextEncoder().encode("hello"));
    await assert.rejects(refused.closeWrite(), {
      message: new RegExp(`^PUT .*${path} failed: the server answers ${status}`),
    });
    await refused[Symbol.asyncDispose]();
  }
});

Deno.test("openRequest() uploads with the length that a header tells, where one does", async () => {
  const bodies: string[] = [];
  await using server = serve(async (request) => {
    bodies.push(await request.text());
    return new Response(null, { status: request.url.endsWith("/no") ? 403 : 200 });
  });
  const put = async (path: string) => {
    const headers = { "Content-Length": "10", "x-who": "us" };
    const request = { url: `${server.origin}${path}`, method: "PUT", headers } as const;
    await using stream = await openRequest(request);
    for (const part of ["01234", "56789"]) await stream.write(new TextEncoder().encode(part));
    await stream.closeWrite();
  };
  await put("/yes");
  assert.deepEqual(bodies, ["0123456789"]);
  const { headers } = server.requests[0]!;
  const seen = ["content-length", "transfer-encoding", "x-who"].map((name) => headers.get(name));
  assert.deepEqual(seen, ["10", null, "us"]);
  await assert.rejects(put("/no"), /PUT .*\/no failed: the server answers 403 Forbidden$/);
});

for (const length of [undefined, "10"]) {
  const how = length === undefined ? "" : ", nor one of known length";
  Deno.test(`openRequest() does not finish an upload whose writer fails${how}`, async () => {
    const kept: string[] = [];
    const begun = Promise.withResolvers<void>();
    const broken = Promise.withResolvers<void>();
    await using server = serve(async (request) => {
      begun.resolve();
      await request.text().then((text) => void kept.push(text), () => broken.resolve());
      return new Response();
    });
    const headers = length === undefined ? {} : { "content-length": length };
    const upload = (async () => {
      await using stream = await openRequest({ url: server.origin, method: "PUT", headers });
      await stream.write(new TextEncoder().encode("01234"));
      await begun.promise;
      throw new Error("the disk is gone");
    })();
    await assert.rejects(upload, /^Error: the disk is gone$/);
    await broken.promise;
    assert.deepEqual(kept, []);
  });

  Deno.test(`openRequest() says that an upload was cancelled${how}`, async () => {
    const waiting = Promise.withResolvers<void>();
    await using server = serve(() => waiting.promise.then(() => new Response()));
    const headers = length === undefined ? {} : { "content-length": length };
    const cancel = new AbortController();
    const request = { url: `${server.origin}/x`, method: "PUT", headers } as const;
    await using stream = await openRequest(request, cancel.signal);
    await stream.write(new Uint8Array(10));
    const ending = stream.closeWrite();
    cancel.abort();
    await assert.rejects(ending, /^DriverError: PUT .*\/x failed: it was cancelled$/);
    waiting.resolve();
  });
}

Deno.test("openRequest() gives up a server that keeps silent, before its answer and within", async () => {
  const waiting = Promise.withResolvers<void>();
  await using server = serve(({ url }) => {
    if (url.endsWith("/nothing")) return waiting.promise.then(() => new Response());
    return new Response(
      new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode("half")) }),
    );
  });
  const open = (path: string) =>
    openRequest({ url: server.origin + path, method: "GET", headers: {} }, undefined, 150);
  const silent = { code: "timeout", message: /failed: the server keeps silent for 0\.15 s$/ };
  await assert.rejects(open("/nothing"), silent);
  await using stream = await open("/half");
  await stream.read();
  await assert.rejects(stream.read(), silent);
  waiting.resolve();
});
