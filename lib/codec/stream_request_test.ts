import assert from "node:assert/strict";
import { dataFrame, endFrame, meaningOf } from "./frame.ts";
import { formatStreamRequest, parseStreamRequest } from "./stream_request.ts";

const UUID = "11111111-1111-4111-8111-111111111111";

Deno.test("formatStreamRequest() writes the JSON that peers write [wire 10.10]", () => {
  assert.equal(
    formatStreamRequest({ kind: "driver", uuid: UUID, method: "connect" }),
    `{"kind":"driver","uuid":"${UUID}","method":"connect"}`,
  );
  assert.equal(
    formatStreamRequest({ kind: "resource", uuid: UUID, encoding: null }),
    `{"kind":"resource","uuid":"${UUID}","x_jmp_content_encoding":null}`,
  );
  assert.equal(
    formatStreamRequest({ kind: "resource", uuid: UUID, encoding: "gzip" }),
    `{"kind":"resource","uuid":"${UUID}","x_jmp_content_encoding":"gzip"}`,
  );
});

Deno.test("parseStreamRequest() reads what formatStreamRequest() writes, and needs no encoding", () => {
  const request = { kind: "driver", uuid: UUID, method: "connect" } as const;
  assert.deepEqual(parseStreamRequest(formatStreamRequest(request)), request);
  assert.deepEqual(parseStreamRequest(`{"kind":"resource","uuid":"${UUID}"}`), {
    kind: "resource",
    uuid: UUID,
    encoding: null,
  });
});

const refused: [string | undefined, RegExp][] = [
  [undefined, /is missing/],
  ["{", /no JSON/],
  ["3", /no JSON object/],
  ['{"uuid":"x"}', /has kind undefined/],
  ['{"kind":"driver","uuid":"x"}', /no method/],
  ['{"kind":"driver","method":"x"}', /no uuid/],
  ['{"kind":"resource","uuid":"x","x_jmp_content_encoding":3}', /content encoding/],
];

for (const [text, reason] of refused) {
  Deno.test(`parseStreamRequest() refuses ${text}`, () => {
    assert.throws(() => parseStreamRequest(text), reason);
  });
}

Deno.test("meaningOf() takes pings, resets, unknown types and empty data for nothing", () => {
  const payload = new Uint8Array([1]);
  assert.equal(meaningOf(dataFrame(payload)), "data");
  assert.equal(meaningOf(endFrame()), "end");
  for (const frameType of [3, 6, 99]) assert.equal(meaningOf({ payload, frameType }), "nothing");
  assert.equal(meaningOf(dataFrame(new Uint8Array(0))), "nothing");
});
