import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  client,
  type Codec,
  DecodeError,
  DriverCallRequest,
  DriverCallResponse,
  GetLeaseRequest,
  GetReportResponse,
  GetStatusResponse,
  type Init,
  ListValue,
  StatusResponse,
  StreamRequest,
  Struct,
  Timestamp,
  Value,
} from "./mod.ts";
import { toBytes, toHex } from "./vector_support.ts";

const nestedLists = (depth: number): Value =>
  depth === 0 ? {} : { listValue: { values: [nestedLists(depth - 1)] } };

/** Bytes of lists in lists, made without the codec, which would refuse. */
function nestedListBytes(depth: number): Uint8Array {
  let bytes: number[] = [];
  for (let level = 0; level < depth * 2; level++) {
    const { length } = bytes;
    const prefix = length < 128 ? [length] : [length & 127 | 128, length >> 7];
    bytes = [level % 2 === 0 ? 0x0a : 0x32, ...prefix, ...bytes];
  }
  return Uint8Array.from(bytes);
}

const MALFORMED: readonly [name: string, codec: Codec<unknown>, hex: string, reason: RegExp][] = [
  ["bytes are cut short", StreamRequest, "0a0568656c", /out of range/],
  ["a length exceeds the input", StreamRequest, "0affffffff07", /out of range/],
  ["a length exceeds 32 bits", StreamRequest, "0affffffffff", /./],
  ["a tag is cut short", StreamRequest, "8a", /out of range/],
  ["a tag never ends", StreamRequest, "ffffffffffffffffffffff", /invalid tag/],
  ["a varint is cut short", StreamRequest, "10ff", /out of range/],
  ["a varint never ends", StreamRequest, "10ffffffffffffffffffffffff", /invalid varint/],
  ["a double is cut short", Value, "110000", /out of range/],
  ["a field has the wrong wire type", StreamRequest, "0801", /payload has wire type 0, not 2/],
  ["a group starts", StreamRequest, "0b0c", /payload has wire type 3, not 2/],
  ["an unknown group starts", StreamRequest, "5b5c", /groups/],
  ["a group ends", StreamRequest, "5c", /groups/],
  ["a wire type is unknown", StreamRequest, "7f", /wire type 7/],
  ["a field number is zero", StreamRequest, "0001", /field number 0/],
  ["an unknown field is cut short", StreamRequest, "7a05aa", /out of range/],
  ["a message is longer than its parent", DriverCallResponse, "12052001", /cut short/],
  ["a field crosses the end of its message", DriverCallResponse, "12021a050000000000", /range/],
  ["text is not UTF-8", GetLeaseRequest, "0a01ff", /./],
  ["long text is not UTF-8", GetLeaseRequest, `0a46${"ff".repeat(70)}`, /./],
  ["an unsigned integer is not safe", GetStatusResponse, "18ffffffffffffffffff01", /exactly/],
  ["a signed integer is not safe", Timestamp, "08ffffffffffffffff7f", /exactly/],
];

for (const [name, codec, hex, reason] of MALFORMED) {
  Deno.test(`decode() throws DecodeError when ${name}`, () => {
    assert.throws(() => codec.decode(toBytes(hex)), (error) => {
      assert.ok(error instanceof DecodeError);
      assert.equal(error.typeName, codec.typeName);
      assert.ok(error.message.startsWith(`cannot decode ${codec.typeName}: `));
      assert.match(error.message, reason);
      return true;
    });
  });
}

Deno.test("decode() of any prefix of a message ends with a message or a DecodeError", () => {
  const reports = [{ uuid: "u", labels: { a: "b" }, description: "d" }];
  const whole = GetReportResponse.encode({ uuid: "u", labels: { a: "b" }, reports, motd: "m" });
  for (let end = 0; end < whole.length; end++) {
    try {
      GetReportResponse.decode(whole.subarray(0, end));
    } catch (error) {
      assert.ok(error instanceof DecodeError);
    }
  }
});

Deno.test("decode() of random bytes ends with a message or a DecodeError", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 0x7fffffff) & 255;
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from({ length: 24 }, random);
    for (const codec of [Value, DriverCallRequest, GetStatusResponse, client.Lease]) {
      try {
        codec.decode(bytes);
      } catch (error) {
        assert.ok(error instanceof DecodeError);
      }
    }
  }
});

Deno.test("messages nest 100 deep and no deeper", () => {
  assert.deepEqual(Value.decode(nestedListBytes(50)), nestedLists(50));
  assert.deepEqual(Value.encode(nestedLists(50)), Buffer.from(nestedListBytes(50)));
  assert.throws(() => Value.decode(nestedListBytes(51)), DecodeError);
  assert.throws(() => Value.decode(nestedListBytes(2000)), DecodeError);
  assert.throws(() => Value.encode(nestedLists(51) as Init<Value>), RangeError);
});

Deno.test("encode() throws RangeError when a message holds itself", () => {
  const list: ListValue = { values: [] };
  list.values.push({ listValue: list });
  assert.throws(() => ListValue.encode(list), RangeError);
});

Deno.test("encode() throws TypeError that names the field with a wrong value", () => {
  const cases: [() => Uint8Array, RegExp][] = [
    [
      () => GetLeaseRequest.encode({ name: "\ud800" }),
      /GetLeaseRequest\.name: expected well-formed/,
    ],
    [() => GetLeaseRequest.encode({ name: 1 as unknown as string }), /\.name: expected/],
    [() => StreamRequest.encode({ frameType: 1.5 }), /\.frameType: expected a whole number/],
    [() => GetStatusResponse.encode({ statusVersion: -1 }), /\.statusVersion: expected/],
    [() => Timestamp.encode({ seconds: 2 ** 53 }), /\.seconds: expected a safe integer/],
    [() => Value.encode({ boolValue: true, stringValue: "" }), /both boolValue and stringValue/],
  ];
  for (const [encode, message] of cases) {
    assert.throws(encode, (error) => error instanceof TypeError && message.test(error.message));
  }
});

Deno.test("decode() skips unknown fields and keeps unknown enum numbers", () => {
  const unknown = "7801" + "790000000000000000" + "7a0161" + "7d00000000";
  const decoded = StreamRequest.decode(toBytes(`${unknown}1063${unknown}`));
  assert.deepEqual(decoded, { payload: new Uint8Array(), frameType: 99 });
});

Deno.test("decode() takes the last value, and merges messages", () => {
  assert.deepEqual(Value.decode(toBytes("20011a0161")), { stringValue: "a" });
  assert.deepEqual(Value.decode(toBytes("1a016120011a0162")), { stringValue: "b" });
  const merged = DriverCallResponse.decode(toBytes("120432020a00" + "120432020a00"));
  assert.deepEqual(merged.result, { listValue: { values: [{}, {}] } });
});

Deno.test("absent and empty differ for fields with presence only", () => {
  assert.equal("message" in GetStatusResponse.decode(toBytes("")), false);
  assert.equal(GetStatusResponse.decode(toBytes("1200")).message, "");
  assert.equal(toHex(GetStatusResponse.encode({ message: undefined, statusVersion: 0 })), "");
  assert.equal(toHex(GetStatusResponse.encode({ message: "" })), "1200");
});

Deno.test("map keys are sorted on the wire, and none is special", () => {
  assert.equal(
    toHex(StatusResponse.encode({ context: { b: "", a: "1" } })),
    "22060a0161120131" + "22050a01621200",
  );
  const context = Object.fromEntries([["__proto__", "p"], ["constructor", "c"]]);
  const decoded = StatusResponse.decode(StatusResponse.encode({ context }));
  assert.deepEqual(Object.entries(decoded.context), [["__proto__", "p"], ["constructor", "c"]]);
  assert.equal(decoded.context["toString"], undefined);
  assert.deepEqual({ ...StatusResponse.decode(toBytes("2200")).context }, { "": "" });
  assert.deepEqual({ ...Struct.decode(toBytes("0a030a0161")).fields }, { a: {} });
});

Deno.test("integers are exact up to the limit of a number", () => {
  for (const seconds of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -1, 2 ** 32]) {
    assert.equal(Timestamp.decode(Timestamp.encode({ seconds })).seconds, seconds);
  }
  assert.equal(Timestamp.decode(Timestamp.encode({ nanos: -5 })).nanos, -5);
});

Deno.test("a payload is a view of the input, and a plain Uint8Array even of a Buffer", () => {
  const input = Buffer.from(StreamRequest.encode({ payload: new Uint8Array(65536).fill(7) }));
  const { payload } = StreamRequest.decode(input);
  assert.equal(payload.buffer, input.buffer);
  assert.equal(Object.getPrototypeOf(payload), Uint8Array.prototype);
  assert.equal(payload.length, 65536);
});

Deno.test("a frame of 64 KiB is encoded into one buffer of its own size", () => {
  const bytes = StreamRequest.encode({ payload: new Uint8Array(65536) });
  assert.equal(bytes.length, 65540);
  assert.equal(bytes.buffer.byteLength, bytes.length);
});

Deno.test("long text and nested messages survive", () => {
  const text = "é🙂".repeat(5000);
  const call = { uuid: text, method: "m", args: [{ stringValue: text }, { numberValue: -0 }] };
  assert.deepEqual(DriverCallRequest.decode(DriverCallRequest.encode(call)), call);
});
