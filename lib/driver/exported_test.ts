import assert from "node:assert/strict";
import { pipe } from "../streams/pipe.ts";
import { Driver } from "./driver.ts";
import { checkArguments, exported, exportedMethods, rest, wireName } from "./exported.ts";
import { resourceHandle } from "./resource.ts";
import type { Schema } from "./schema.ts";

const number: Schema<number> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      typeof value === "number" ? { value } : { issues: [{ message: "is no number" }] },
  },
};

const arrayOfTexts: Schema<string[]> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate(value) {
      const texts = value as string[];
      const wrong = texts.findIndex((text) => typeof text !== "string");
      return wrong < 0 ? { value: texts } : { issues: [{ message: "is no text", path: [wrong] }] };
    },
  },
};

class Base extends Driver {
  static override readonly client = "test.Base";
  @exported
  plain() {}
  @exported(number)
  setSpeed(rpm: number) {
    return rpm;
  }
  @exported
  async *readings() {
    yield await Promise.resolve(1);
  }
  @exported.bytes
  connect() {
    return Promise.resolve(pipe()[0]);
  }
  hidden() {}
}

class Derived extends Base {
  @exported
  more() {}
}

const kinds = (driverClass: unknown) =>
  [...exportedMethods(driverClass)].map(([name, { kind }]) => `${name}: ${kind}`);

const base = ["plain: call", "set_speed: call", "readings: streamingCall", "connect: bytes"];

Deno.test("@exported lists methods by their wire names and kinds, and nothing else", () => {
  assert.deepEqual(kinds(Base), base);
});

Deno.test("a subclass exports what its parent does, and more, without changing the parent", () => {
  assert.deepEqual(kinds(Derived), [...base, "more: call"]);
  assert.deepEqual(kinds(Base), base);
  assert.deepEqual(kinds(class {}), []);
});

Deno.test("wireName() writes snake case", () => {
  assert.equal(wireName("setDtr"), "set_dtr");
  assert.equal(wireName("getCreatedResources"), "get_created_resources");
});

Deno.test("checkArguments() names the argument that is wrong, missing or too much", async () => {
  const check = (...given: unknown[]) => checkArguments("set_speed", [number], given);
  const invalid = (message: string) => ({ code: "invalid_argument", message });
  assert.deepEqual(await check(3), [3]);
  await assert.rejects(check("x"), invalid("set_speed: argument 1: is no number"));
  await assert.rejects(check(), invalid("set_speed: argument 1 (missing): is no number"));
  await assert.rejects(check(1, 2), invalid("set_speed takes at most 1 argument(s), 2 given"));
});

Deno.test("the rest() of the arguments comes as one array, empty when there are none", async () => {
  const texts = rest(arrayOfTexts);
  const check = (...given: unknown[]) => checkArguments("press", [number, texts], given);
  assert.deepEqual(await check(1), [1, []]);
  assert.deepEqual(await check(1, "a", "b"), [1, ["a", "b"]]);
  await assert.rejects(check(), /press: argument 1 \(missing\): is no number/);
  await assert.rejects(check(1, "a", 2), /press: argument 2\.1: is no text/);
});

/** A resource handle, and what is wrong with it. */
const handles: [unknown, RegExp | undefined][] = [
  [{ kind: "client_stream", uuid: "u" }, undefined],
  [{ kind: "client_stream", uuid: "u", x_jmp_content_encoding: "gzip" }, undefined],
  [{ kind: "presigned_request", url: "https://h/x", method: "GET", headers: {} }, undefined],
  ["text", /is no resource handle/],
  [{ kind: "other" }, /has kind "other"/],
  [{ kind: "client_stream" }, /has no uuid/],
  [{ kind: "client_stream", uuid: "u", x_jmp_content_encoding: "rar" }, /encoding "rar"/],
  [{ kind: "presigned_request", url: "x", method: "GET", headers: {} }, /no url that begins with/],
  [
    { kind: "presigned_request", url: "file:///x", method: "GET", headers: {} },
    /no url that begins/,
  ],
  [{ kind: "presigned_request", url: "https://h", method: "POST", headers: {} }, /other than GET/],
  [{ kind: "presigned_request", url: "https://h", method: "GET" }, /no headers/],
];

for (const [handle, fault] of handles) {
  Deno.test(`the handle ${JSON.stringify(handle)} is ${fault ? "refused" : "taken"}`, async () => {
    const checked = checkArguments("flash", [resourceHandle], [handle]);
    if (fault === undefined) await checked;
    else await assert.rejects(checked, fault);
  });
}
