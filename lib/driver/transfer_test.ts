import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Json } from "../codec/value.ts";
import { type ByteStream, concat, readAll } from "../streams/byte_stream.ts";
import { pipe } from "../streams/pipe.ts";
import { DriverClient } from "./client.ts";
import { download, type TransferCall, upload } from "./transfer.ts";

const handle = { kind: "client_stream", uuid: "1", x_jmp_content_encoding: null } as const;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const image = crypto.getRandomValues(new Uint8Array(60_000));
const endless = () =>
  new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1_000)),
  });

/** A client whose resource is one end of a pipe, and the exporter's end of it. */
function bench(): { client: DriverClient; far: ByteStream } {
  const [near, far] = pipe();
  const refuse = () => Promise.reject(new Error("not part of this test"));
  const client = new DriverClient({
    connection: {
      call: refuse,
      streamingCall: () => assert.fail(),
      stream: refuse,
      openResource: () =>
        Promise.resolve({
          handle,
          stream: near,
          [Symbol.asyncDispose]: () => near[Symbol.asyncDispose](),
        }),
    },
    uuid: "0",
    name: "storage",
    labels: {},
    description: undefined,
    methodsDescription: {},
    children: new Map(),
  });
  return { client, far };
}

/** A driver that reads everything. */
function takes(far: ByteStream, into: Uint8Array[] = []): TransferCall {
  return async () => {
    for await (const chunk of readAll(far)) into.push(chunk);
    return null;
  };
}

Deno.test("upload() sends all bytes and tells how many they were, with their hash", async () => {
  const { client, far } = bench();
  const received: Uint8Array[] = [];
  const told: [number, number | undefined][] = [];
  const sent = await upload(client, new Blob([image]), (given, options) => {
    assert.deepEqual(given, handle);
    return takes(far, received)(given, options, 0);
  }, { onProgress: (...progress) => told.push(progress) });
  assert.deepEqual(concat(received), image);
  assert.deepEqual(sent, { bytes: image.length, sha256: sha256(image) });
  assert.deepEqual(told.at(-1), [image.length, image.length]);
});

Deno.test("upload() ends with a call that has had enough, though nobody reads on", async () => {
  const { client, far } = bench();
  const sent = await upload(client, endless(), async () => await far.read() && null);
  assert.ok(sent.bytes > 0);
});

Deno.test("upload() ends with its call also while the source has nothing to say", async () => {
  const { client } = bench();
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  const silent = new ReadableStream<Uint8Array>({ cancel: resolve });
  assert.equal((await upload(client, silent, () => Promise.resolve(null))).bytes, 0);
  await cancelled;
});

Deno.test("upload() fails with the call's error, though nobody reads on", async () => {
  const { client, far } = bench();
  const call = async (): Promise<Json> => {
    await far.read();
    throw new Error("the card is write-protected");
  };
  await assert.rejects(upload(client, endless(), call), /^Error: the card is write-protected$/);
});

Deno.test("upload() fails with the call's error, not with that of the broken stream", async () => {
  const { client, far } = bench();
  const call = async (): Promise<Json> => {
    await far[Symbol.asyncDispose]();
    // The feeder meets the broken stream first.
    await new Promise((later) => setTimeout(later));
    throw new Error("the card is gone");
  };
  await assert.rejects(upload(client, endless(), call), /^Error: the card is gone$/);
});

for (const outcome of ["fails", "takes what came for the whole"] as const) {
  Deno.test(`upload() names a source that breaks off when the driver ${outcome}`, async () => {
    const { client, far } = bench();
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      pull: (controller) => controller.error(new Error("the disk is gone")),
    });
    const call: TransferCall = async (given, options) => {
      await takes(far)(given, options, 0);
      if (outcome === "fails") throw new Error("the stream broke");
      return null;
    };
    await assert.rejects(upload(client, broken, call), {
      code: "not_read",
      message: "reading stream failed: the disk is gone",
    });
  });
}

Deno.test("upload() fails with what onProgress throws", async () => {
  const { client, far } = bench();
  const onProgress = () => {
    throw new Error("nobody looks");
  };
  await assert.rejects(upload(client, endless(), takes(far), { onProgress }), /nobody looks/);
});

const file = {
  async of(content: Uint8Array): Promise<AsyncDisposable & { path: string }> {
    const path = await Deno.makeTempFile();
    await Deno.writeFile(path, content);
    return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
  },
};

/** What a driver holds already, and from where on the rest is sent. */
const arrivals: Record<string, [Uint8Array, number]> = {
  "the beginning": [image.subarray(0, 40_001), 40_001],
  "all of it": [image, image.length],
  "nothing": [new Uint8Array(0), 0],
  "something else": [new Uint8Array(40_001), 0],
  "more than there is": [concat([image, new Uint8Array(1)]), 0],
};

Deno.test("upload() can be cancelled while it looks at what the driver holds", async () => {
  const { client } = bench();
  await using source = await file.of(image);
  const call = () => assert.fail("the call is made");
  const options = {
    arrived: { bytes: image.length, sha256: sha256(image) },
    signal: AbortSignal.abort(new Error("enough")),
  };
  await assert.rejects(upload(client, source.path, call, options), /^Error: enough$/);
});

for (const [what, [held, start]] of Object.entries(arrivals)) {
  Deno.test(`upload() sends what is missing when the driver holds ${what}`, async () => {
    const { client, far } = bench();
    await using source = await file.of(image);
    const received: Uint8Array[] = [];
    const told: number[] = [];
    const sent = await upload(client, source.path, async (given, options, offset) => {
      assert.equal(offset, start);
      return await takes(far, received)(given, options, offset);
    }, {
      arrived: { bytes: held.length, sha256: sha256(held) },
      onProgress: (done, total) => {
        assert.equal(total, image.length);
        told.push(done);
      },
    });
    assert.deepEqual(concat(received), image.subarray(start));
    assert.deepEqual(sent, { bytes: image.length, sha256: sha256(image) });
    assert.ok(told.every((done) => done > start));
  });
}

for (const [method, transfer] of [["GET", upload], ["PUT", download]] as const) {
  Deno.test(`${transfer.name}() has the exporter make the request of a URL, as it is written`, async () => {
    const { client } = bench();
    const url = "HTTPS://images.example/a%40b?signature=s%2F";
    const notes: string[] = [];
    const done = await transfer(client, url, (given) => {
      assert.deepEqual(given, { kind: "presigned_request", method, url, headers: {} });
      return Promise.resolve(null);
    }, { encoding: "xz", onNote: (text) => void notes.push(text) });
    assert.deepEqual(done, { bytes: 0, sha256: "" });
    assert.match(notes.join(), /^compression "xz" is ignored/);
    await transfer(client, new URL("http://h/x"), (given) => {
      assert.deepEqual(given, {
        kind: "presigned_request",
        method,
        url: "http://h/x",
        headers: {},
      });
      return Promise.resolve(null);
    });
  });
}

Deno.test("upload() opens nothing on the exporter for an image that is not there", async () => {
  const { client } = bench();
  const uploading = upload(client, "/nonexistent.img", () => assert.fail());
  await assert.rejects(uploading, { code: "usage" });
});

Deno.test("download() keeps what comes after the call, and ends our direction at once", async () => {
  const { client, far } = bench();
  const received: Uint8Array[] = [];
  const sink = new WritableStream<Uint8Array>({ write: (part) => void received.push(part) });
  const sending = Promise.withResolvers<void>();
  const call = async () => {
    assert.equal(await far.read(), null);
    (async () => {
      await far.write(image.subarray(0, 50_000));
      await far.write(image.subarray(50_000));
      await far.closeWrite();
    })().then(sending.resolve, sending.reject);
    return null;
  };
  const read = await download(client, sink, call);
  await sending.promise;
  assert.deepEqual(concat(received), image);
  assert.deepEqual(read, { bytes: image.length, sha256: sha256(image) });
});

Deno.test("download() fails with the call's error and leaves no file", async () => {
  const { client, far } = bench();
  const dir = await Deno.makeTempDir();
  const call = async (): Promise<Json> => {
    await far.write(image);
    throw new Error("the card is gone");
  };
  await assert.rejects(download(client, `${dir}/out`, call), /^Error: the card is gone$/);
  assert.deepEqual([...Deno.readDirSync(dir)], []);
  await Deno.remove(dir);
});

Deno.test("download() fails with its sink, though the call still waits for a reader", async () => {
  const { client, far } = bench();
  const sink = new WritableStream({ write: () => Promise.reject(new Error("the disk is full")) });
  const call = async () => {
    for (;;) await far.write(image);
  };
  await assert.rejects(download(client, sink, call), /the disk is full/);
});
