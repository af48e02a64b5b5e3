import * as assert from "node:assert/strict";
import { chooseRouter, withOwn } from "./router_choice.ts";

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

Deno.test("a router is near to exporters that have all of its labels, and more", () => {
  const all = [{ endpoint: "own:8083", labels: {} }, near, far];
  assert.equal(chooseRouter(all, { zone: "a", board: "x" }), near);
  assert.equal(chooseRouter(all, { zone: "b", board: "x" }), all[0]);
  assert.equal(chooseRouter(all, { zone: "b", fast: "yes", board: "x" }), far);
  assert.equal(chooseRouter(all, { board: "x" }), all[0]);
});

Deno.test("the router of the process is there, once, with the labels of the configuration", () => {
  assert.deepEqual(withOwn([far], "own:1"), [{ endpoint: "own:1", labels: {} }, far]);
  assert.deepEqual(withOwn([near, far], far.endpoint), [near, far]);
  assert.deepEqual(withOwn([near], ""), [near]);
});
