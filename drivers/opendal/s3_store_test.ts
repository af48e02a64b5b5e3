/** What a service does that a real one cannot be made to; the rest is in the interop tests. */
import assert from "node:assert/strict";
import { openStore } from "./open_store.ts";
import type { Store } from "./store.ts";

interface Service extends AsyncDisposable {
  store: Store;
  /** What was asked for: the method, the path, the query. */
  asked: string[];
}

async function serve(...answers: (() => Response)[]): Promise<Service> {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    await request.body?.cancel();
    const { pathname, search } = new URL(request.url);
    asked.push(`${request.method} ${pathname}${search}`);
    return (answers.length > 1 ? answers.shift()! : answers[0]!)();
  });
  const endpoint = `http://127.0.0.1:${server.addr.port}`;
  const keys = { access_key_id: "key", secret_access_key: "hush-hush" };
  const kwargs = { bucket: "b", region: "here", endpoint, ...keys };
  return {
    asked,
    store: await openStore({ scheme: "s3", kwargs }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const xml = (text: string, status = 200, headers = {}) => () =>
  new Response(text === "" ? null : text, { status, headers });
const listing = (inside: string) => xml(`<?xml version="1.0"?><List>${inside}</List>`);

Deno.test("s3 asks again when a service is busy", async () => {
  await using service = await serve(xml("", 503), xml("", 500), listing(""));
  assert.deepEqual(await Array.fromAsync(service.store.list("/", true)), []);
  assert.equal(service.asked.length, 3);
});

Deno.test("s3 tells what the service says when it stays busy", async () => {
  const busy = xml("<Error><Code>SlowDown</Code><Message>Reduce it.</Message></Error>", 503);
  await using service = await serve(busy);
  const listing = Array.fromAsync(service.store.list("d/", true));
  await assert.rejects(listing, /s3: cannot list "d\/": the service answers SlowDown: Reduce it$/);
  assert.equal(service.asked.length, 4);
});

Deno.test("s3 names the region that a bucket is in", async () => {
  const elsewhere = xml("", 301, { "x-amz-bucket-region": "there" });
  await using service = await serve(elsewhere);
  await assert.rejects(service.store.stat("x"), /"x": the bucket is in region there, not in here$/);
});

Deno.test("s3 signs anew where it is redirected to", async () => {
  await using service = await serve(
    xml("", 307, { location: "/moved/x?list-type=2" }),
    listing(""),
  );
  assert.deepEqual(await Array.fromAsync(service.store.list("/", true)), []);
  assert.match(service.asked[1]!, /^GET \/moved\/x\?list-type=2$/);
});

Deno.test("s3 takes an error for one that comes with status 200", async () => {
  const error = xml("<Error><Code>InternalError</Code><Message>Try again</Message></Error>");
  await using service = await serve(error);
  await assert.rejects(
    service.store.copy("a", "b"),
    /cannot copy "a": .* InternalError: Try again$/,
  );
});

Deno.test("s3 lists page by page, and takes keys that are encoded and keys that are not", async () => {
  await using service = await serve(
    listing(
      "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>" +
        "<NextContinuationToken>a+b/c=</NextContinuationToken>" +
        "<Contents><Key>a+b%2Bc%C3%A9</Key></Contents>",
    ),
    listing("<IsTruncated>false</IsTruncated><Contents><Key>a+b%20&amp;</Key></Contents>"),
  );
  assert.deepEqual(await Array.fromAsync(service.store.list("/", true)), ["a b+cé", "a+b%20&"]);
  assert.match(service.asked[1]!, /&continuation-token=a%2Bb%2Fc%3D$/);
});

Deno.test("s3 reads a file to its end where the service does not tell its size", async () => {
  // A body that is a stream has no length to tell.
  const streamed = () => new Response(new Blob(["all of it"]).stream());
  await using service = await serve(streamed);
  const file = await service.store.open("x", "rb");
  const buffer = new Uint8Array(100);
  const size = await file.read(buffer);
  assert.equal(new TextDecoder().decode(buffer.subarray(0, size ?? 0)), "all of it");
  assert.equal(await file.read(buffer), null);
  file.close();
});

Deno.test("s3 refuses what is no answer of S3", async () => {
  await using service = await serve(xml("<html>"));
  const listing = Array.fromAsync(service.store.list("/", true));
  await assert.rejects(listing, /the server answers with something other than S3's XML$/);
});
