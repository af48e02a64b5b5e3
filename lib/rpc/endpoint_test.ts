import assert from "node:assert/strict";
import { type Endpoint, formatEndpoint, parseEndpoint } from "./endpoint.ts";

const table: [string, Endpoint][] = [
  ["/run/x/socket", { kind: "unix", path: "/run/x/socket" }],
  ["unix:/run/x/socket", { kind: "unix", path: "/run/x/socket" }],
  ["unix:///run/x/socket", { kind: "unix", path: "/run/x/socket" }],
  ["relative:0", { kind: "unix", path: "relative:0" }],
  ["host:65536", { kind: "unix", path: "host:65536" }],
  ["localhost:1", { kind: "tcp", hostname: "localhost", port: 1 }],
  ["[::1]:65535", { kind: "tcp", hostname: "::1", port: 65535 }],
];

for (const [text, endpoint] of table) {
  Deno.test(`parseEndpoint() reads ${text}`, () => {
    assert.deepEqual(parseEndpoint(text), endpoint);
    assert.deepEqual(parseEndpoint(formatEndpoint(endpoint)), endpoint);
  });
}

Deno.test("parseEndpoint() refuses an empty text", () => {
  assert.throws(() => parseEndpoint(""), /empty/);
});
