import protobuf from "protobufjs/minimal";
import assert from "node:assert/strict";
import { CORE, TestApi } from "../../tests/support/api.ts";
import { KINDS } from "../store/mod.ts";
import { fromProtobuf, PROTOBUF } from "./protobuf.ts";

type Write = (writer: protobuf.Writer) => void;

function message(write: Write): Uint8Array {
  const writer = protobuf.Writer.create();
  write(writer);
  return writer.finish();
}

const field = (id: number, value: string | Uint8Array): Write => (writer) => {
  writer.uint32(id << 3 | 2);
  if (typeof value === "string") writer.string(value);
  else writer.bytes(value);
};

const entry = (id: number, key: string, value: string | Uint8Array): Write =>
  field(id, message((writer) => [field(1, key), field(2, value)].forEach((one) => one(writer))));

/** A body as kubectl makes it. */
function body(kind: string, ...fields: Write[]): Uint8Array<ArrayBuffer> {
  const head = message((writer) => [field(1, "v1"), field(2, kind)].forEach((one) => one(writer)));
  const raw = message((writer) => fields.forEach((one) => one(writer)));
  const envelope = message((writer) => [field(1, head), field(2, raw)].forEach((f) => f(writer)));
  return new Uint8Array([...new TextEncoder().encode("k8s\0"), ...envelope]);
}

const metadata = field(
  1,
  message((writer) =>
    [
      field(1, "s1"),
      field(2, ""),
      entry(11, "a", "b"),
      field(13, message((owner) => [field(3, "e1"), field(4, "uid")].forEach((one) => one(owner)))),
      field(99, "something new"),
    ].forEach((one) => one(writer))
  ),
);

Deno.test("a Secret in protobuf is read as the same in JSON", () => {
  const bytes = body(
    "Secret",
    metadata,
    entry(2, "token", new Uint8Array([1, 255])),
    field(3, "Opaque"),
  );
  assert.deepEqual(fromProtobuf(KINDS.secrets, bytes), {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s1", labels: { a: "b" }, ownerReferences: [{ name: "e1", uid: "uid" }] },
    data: { token: "Af8=" },
    type: "Opaque",
  });
});

Deno.test("bytes that are no object are refused, wherever they break off", () => {
  const whole = body("ConfigMap", metadata, entry(2, "a", "b"), entry(2, "__proto__", "c"));
  assert.deepEqual(
    Object.keys(fromProtobuf(KINDS.configmaps, whole).data as object),
    ["a", "__proto__"],
  );
  const lengths = Array.from({ length: whole.length }, (_, length) => length);
  const empty = lengths.filter((length) => {
    try {
      return fromProtobuf(KINDS.configmaps, whole.subarray(0, length)).data === undefined;
    } catch (error) {
      assert.match(String(error), /is not a ConfigMap in protobuf/);
      return false;
    }
  });
  // Before the object there is an empty one: right after the start, and after the envelope's head.
  assert.equal(empty.length, 2);
});

Deno.test("a ConfigMap is created from protobuf", async () => {
  await using api = await TestApi.open();
  const answer = await api.ask("POST", `${CORE}/configmaps`, {
    type: PROTOBUF,
    body: body("ConfigMap", field(1, message(field(1, "c1"))), entry(2, "a", "b")),
  });
  assert.deepEqual([answer.code, answer.body.data], [201, { a: "b" }]);
});
