import * as assert from "node:assert/strict";
import { chooseRouter } from "./router_choice.ts";

const [near, far] = [
  { endpoint: "near:8083", labels: { zone: "a" } },
  { endpoint: "far:8083", labels: { zone: "b", fast: "yes" } },
];

Deno.test("a router is chosen that has all labels of the exporter, else any [controller 99]", () => {
  assert.equal(chooseRouter([near, far], { zone: "b" }), far);
  assert.equal(chooseRouter([far, near], { zone: "a" }), near);
  assert.ok(chooseRouter([near, far], { zone: "a", board: "x" }));
  assert.ok(chooseRouter([near, far]));
  assert.equal(chooseRouter([], { zone: "a" }), undefined);
  const isLost = (endpoint: string) => endpoint === near.endpoint;
  assert.equal(chooseRouter([near, far], { zone: "a" }, isLost), far);
  assert.equal(chooseRouter([near], { zone: "a" }, isLost), near);
});
