import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import type { Board } from "@jumpstarter/lib/client";
import { OpendalClient } from "./client.ts";
import { HttpStore } from "./http_store.ts";

const type = "jumpstarter_driver_opendal.driver.Opendal";
const IMAGE = "0123456789";

interface Web extends AsyncDisposable {
  url: string;
  /** What was asked for: the method, the path, and the headers that matter. */
  asked: string[];
}

/** A web server of the runtime; ranges are answered for paths that begin with `/range`. */
function web(): Web {
  const asked: string[] = [];
  const answer = (request: Request): Response => {
    const { pathname } = new URL(request.url);
    const headers = ["range", "authorization"].map((name) => request.headers.get(name) ?? "-");
    asked.push([request.method, pathname, ...headers].join(" "));
    const [, kind] = pathname.split("/");
    if (kind === "missing") return new Response("no", { status: 404 });
    if (kind === "broken") return new Response("no", { status: 500 });
    if (kind === "locked") return new Response("no", { status: 401 });
    if (kind === "loop") return new Response(null, { status: 302, headers: { location: "/loop" } });
    if (kind === "moved") {
      return new Response(null, { status: 307, headers: { location: "/range/it" } });
    }
    if (kind === "elsewhere") {
      const location = `http://localhost:${server.addr.port}/range/it`;
      return new Response(null, { status: 302, headers: { location } });
    }
    if (kind === "get-only" && request.method === "HEAD") {
      return new Response(null, { status: 405 });
    }
    const from = Number(/^bytes=(\d+)-$/.exec(headers[0]!)?.[1] ?? 0);
    const isPart = kind === "range" && from > 0;
    const body = isPart ? IMAGE.slice(from) : IMAGE;
    return new Response(request.method === "HEAD" ? null : body, {
      status: isPart ? 206 : 200,
      headers: {
        "content-length": String(body.length),
        "content-type": "application/x-image",
        etag: '"tag"',
      },
    });
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A server that says the same to everybody, and then closes the connection, or does not. */
function rawServer(said: string, isClosing: boolean): AsyncDisposable & { url: string } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.Conn[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      const request = new Uint8Array(4096);
      const size = await connection.read(request);
      const isHead = new TextDecoder().decode(request.subarray(0, size ?? 0)).startsWith("HEAD");
      const head = said.slice(0, said.indexOf("\r\n\r\n") + 4);
      await connection.write(new TextEncoder().encode(isHead ? head : said));
      if (isClosing || isHead) connection.close();
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
      for (const connection of connections) {
        try {
          connection.close();
        } catch {
          // closed already
        }
      }
    },
  };
}

function open(kwargs: Record<string, string>): Promise<Board<{ storage: typeof OpendalClient }>> {
  const config = { scheme: "http", kwargs };
  return serve({ storage: { type, config } }, { storage: OpendalClient });
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const SHA256 = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882";

Deno.test("http tells of a file, reads it, and knows its hash", async () => {
  await using server = web();
  await using board = await open({ endpoint: `${server.url}/range`, root: "/a b/" });
  const { storage } = board;
  assert.deepEqual(await storage.stat("c%d"), {
    content_disposition: null,
    content_length: 10,
    content_md5: null,
    content_type: "application/x-image",
    etag: '"tag"',
    mode: { entry_is_file: true, entry_is_dir: false },
  });
  assert.equal(server.asked[0], "HEAD /range/a%20b/c%25d - -");
  assert.equal(text(await storage.readBytes("c%d")), IMAGE);
  assert.equal(await storage.hash("x"), SHA256);
  assert.equal(await storage.exists("x"), true);
  assert.equal((await storage.stat("/")).mode.entry_is_dir, true);
  const able = await storage.capability();
  assert.deepEqual([able.read, able.write, able.list, able.presign_read], [
    true,
    false,
    false,
    true,
  ]);
});

for (const kind of ["range", "whole"]) {
  Deno.test(`http reads from where it was sent to, with a server for ${kind} files`, async () => {
    await using server = web();
    await using board = await open({ endpoint: server.url });
    await using file = await board.storage.open(`${kind}/x`, "rb");
    assert.equal(await file.seek(-4, "end"), 6);
    assert.equal(text(await file.readBytes()), "6789");
    assert.equal(await file.tell(), 10);
    assert.equal(await file.seek(3), 3);
    assert.equal(text(await file.readBytes()), "3456789");
    assert.equal(await file.seek(20), 20);
    assert.equal(text(await file.readBytes()), "");
    const ranges = server.asked.filter((line) => line.startsWith("GET")).map((line) =>
      line.split(" ")[2]
    );
    assert.deepEqual(ranges, ["bytes=6-", "bytes=3-"]);
  });
}

Deno.test("http follows redirects, and shows its credentials to the first server only", async () => {
  await using server = web();
  await using board = await open({ endpoint: server.url, username: "me", password: "sésame" });
  const basic = `Basic ${new TextEncoder().encode("me:sésame").toBase64()}`;
  assert.equal(text(await board.storage.readBytes("moved")), IMAGE);
  assert.ok(server.asked.every((line) => line.endsWith(basic)), server.asked.join("\n"));
  server.asked.length = 0;
  assert.equal(text(await board.storage.readBytes("elsewhere")), IMAGE);
  assert.deepEqual(server.asked, [
    `HEAD /elsewhere - ${basic}`,
    "HEAD /range/it - -",
    `GET /elsewhere - ${basic}`,
    "GET /range/it - -",
  ]);
  assert.equal((await board.storage.capability()).presign, false);
  const presigning = board.storage.presignRead("range/x", 60);
  await assert.rejects(presigning, { code: "not_implemented", message: /would go with them$/ });
});

Deno.test("http sends a token, or what the endpoint holds", async () => {
  await using server = web();
  {
    await using board = await open({ endpoint: server.url, token: "abc" });
    await board.storage.stat("x");
  }
  await using board = await open({ endpoint: server.url.replace("//", "//me:you@") });
  await board.storage.stat("x");
  assert.deepEqual(server.asked, ["HEAD /x - Bearer abc", "HEAD /x - Basic bWU6eW91"]);
});

Deno.test("http gives the URL of a file where no secret goes with it", async () => {
  await using server = web();
  await using board = await open({ endpoint: server.url });
  const request = await board.storage.presignRead("range/a b", 60);
  assert.deepEqual(request, { method: "GET", url: `${server.url}/range/a%20b`, headers: {} });
  assert.equal(await (await fetch(request.url)).text(), IMAGE);
  assert.equal((await board.storage.presignStat("x", 60)).method, "HEAD");
});

Deno.test("http asks with GET where a server knows no HEAD", async () => {
  await using server = web();
  await using board = await open({ endpoint: server.url });
  assert.equal((await board.storage.stat("get-only")).content_length, 10);
  assert.equal(text(await board.storage.readBytes("get-only")), IMAGE);
});

Deno.test("http names the path and what the server says", async () => {
  await using server = web();
  await using board = await open({ endpoint: server.url, username: "u", password: "hush" });
  const { storage } = board;
  assert.equal(await storage.exists("missing"), false);
  const refused: readonly [path: string, message: RegExp][] = [
    ["missing", /http: cannot stat "missing": there is no such file$/],
    ["broken", /http: cannot stat "broken": the server answers 500 Internal Server Error$/],
    ["locked", /"locked": the server answers 401 Unauthorized; look at the credentials in kwargs$/],
    ["loop", /http: cannot stat "loop": the server redirects more than 10 times$/],
  ];
  for (const [path, message] of refused) {
    await assert.rejects(storage.stat(path), { code: "driver", message });
  }
  await assert.rejects(storage.exists("broken"), /answers 500/);
});

Deno.test("http refuses what it does not offer by name", async () => {
  await using server = web();
  await using board = await open({ endpoint: server.url });
  const { storage } = board;
  const not_implemented = (what: string) => ({
    code: "not_implemented",
    message: new RegExp(`a storage with scheme http cannot ${what}$`),
  });
  await assert.rejects(storage.open("x", "wb"), not_implemented("write files"));
  await assert.rejects(storage.copy("x", "y"), not_implemented("copy files"));
  await assert.rejects(storage.rename("x", "y"), not_implemented("rename files"));
  await assert.rejects(storage.delete("x"), not_implemented("delete files"));
  await assert.rejects(storage.removeAll("x"), not_implemented("delete files"));
  await assert.rejects(storage.createDir("x/"), not_implemented("make folders"));
  await assert.rejects(Array.fromAsync(storage.list("/")), /cannot list its files/);
  await assert.rejects(storage.presignWrite("x", 60), not_implemented("write files"));
  assert.deepEqual(await storage.getCreatedResources(), []);
});

Deno.test("http takes no part of a file for the whole", async () => {
  await using server = rawServer("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc", true);
  await using board = await open({ endpoint: server.url });
  await assert.rejects(board.storage.readBytes("x"), /http: cannot read "x": .*reading a body/);
  await assert.rejects(board.storage.hash("x"), /http: cannot hash "x": /);
});

Deno.test("http gives up a server that keeps silent in the middle", async () => {
  await using server = rawServer("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc", false);
  const store = new HttpStore({ endpoint: server.url }, { silence: 150 });
  const silent = /http: cannot hash "x": the server keeps silent for 0\.15 s$/;
  await assert.rejects(store.hash("x", "md5"), silent);
});

Deno.test("http gives up a server that never answers, and one that is not there", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  const store = new HttpStore({ endpoint: url, token: "hush" }, { silence: 150 });
  await assert.rejects(store.stat("x"), /http: cannot stat "x": the server keeps silent for 0\.15/);
  listener.close();
  await assert.rejects(store.stat("x"), /cannot stat "x": tcp connect error: Connection refused$/);
});
