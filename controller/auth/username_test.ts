import assert from "node:assert/strict";
import { derivedName, isServiceAccount } from "./username.ts";

Deno.test("the name of an external user is derived from the username", () => {
  const rows: [string, string][] = [
    ["dex:foo@example.com", "foo-example-com"],
    ["prefix:with:multiple:colons", "with-multiple-colons"],
    ["a".repeat(70), "a".repeat(63)],
    [`${"a".repeat(62)}-b`, "a".repeat(62)],
    ["dex:system:serviceaccount:ns:sa", "system-serviceaccount-ns-sa"],
    ["dex:Foo--Bar__9", "foo-bar-9"],
    ["dex:--x--", "x"],
    ["dex:Ärger 😀!", "rger"],
    ["dex:", ""],
    ["", ""],
    [":", ""],
  ];
  for (const [username, name] of rows) assert.equal(derivedName(username), name, username);
});

Deno.test("a service account is known by its second and third part", () => {
  assert.ok(isServiceAccount("dex:system:serviceaccount:ns:sa"));
  assert.ok(isServiceAccount("x:system:serviceaccount:ns:sa:more"));
  assert.ok(!isServiceAccount("dex:system:serviceaccount:ns"));
  assert.ok(!isServiceAccount("system:serviceaccount:ns:sa:x"));
});
