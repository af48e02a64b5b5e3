import assert from "node:assert/strict";
import { matchesLabels, matchesSelector } from "./selector.ts";
import { SelectorError } from "./selector_error.ts";
import { parseSelector } from "./selector_parser.ts";
import { formatSelector, selectorText } from "./selector_text.ts";
import { toStoredSelector } from "./stored_selector.ts";

/** A selector text, and its canonical text. */
const READ: readonly [string, string][] = [
  ["", ""],
  [" \t\r\n", ""],
  ["a=1,b=2", "a=1,b=2"],
  ["b = 2 , a = 1", "a=1,b=2"],
  ["a==1", "a=1"],
  ["a=", "a="],
  ["a=,b", "a=,b"],
  ["a!=", "a notin ()"],
  ["a!=1", "a notin (1)"],
  ["a in (b)", "a in (b)"],
  ["a in(c,b,c)", "a in (b,c)"],
  ["a in ()", "a in ()"],
  ["a in (,x)", "a in (,x)"],
  ["a\nnotin\t( y , x )", "a notin (x,y)"],
  ["in in (in,notin)", "in in (in,notin)"],
  ["notin", "notin"],
  ["a=in", "a=in"],
  ["app,!old", "app,!old"],
  ["! old", "!old"],
  ["cpus>4,cpus<8", "cpus>4,cpus<8"],
  ["example.com/board=sa", "example.com/board=sa"],
  [`${"k".repeat(63)}=${"v".repeat(63)}`, `${"k".repeat(63)}=${"v".repeat(63)}`],
];

Deno.test("selectors read to a canonical text that reads to itself [controller 57]", () => {
  for (const [text, canonical] of READ) {
    assert.equal(formatSelector(parseSelector(text)), canonical, text);
    assert.equal(formatSelector(parseSelector(canonical)), canonical, text);
  }
});

/** A text that is no selector, the term that is wrong, where, and why. */
const REFUSED: readonly [string, term: string, position: number, fault: string][] = [
  ["a===b", "a===b", 3, `found "="`],
  ["a=1,", "", 4, "a label key belongs here"],
  [",a", "", 0, "a label key belongs here"],
  ["a,,b", "", 2, "a label key belongs here"],
  ["x=1, !a=b ,y", "!a=b", 7, `what follows a term is ","`],
  ["a=1 b=2", "a=1 b=2", 4, `found "b"`],
  ["a b", "a b", 2, `found "b"`],
  ["a in b", "a in b", 5, `"in" needs values`],
  ["a in", "a in", 4, "it ends"],
  ["a in (b", "a in (b", 7, `need a ")"`],
  ["a in (b c)", "a in (b c)", 8, `found "c"`],
  ["a in (b))", "a in (b))", 8, `found ")"`],
  ["=a", "=a", 0, "a label key belongs here"],
  ["a>x", "a>x", 2, "whole numbers"],
  ["a<", "a<", 2, "whole numbers"],
  ["a/b/c=1", "a/b/c=1", 0, `more than one "/"`],
  ["/b=1", "/b=1", 0, "not a domain name"],
  ["Foo/b=1", "Foo/b=1", 0, "not a domain name"],
  ["ok,-a=1", "-a=1", 3, "is not a label key"],
  ["a=b_", "a=b_", 2, "is not a label value"],
  ["a=ü", "a=ü", 2, "is not a label value"],
  [`a=${"v".repeat(64)}`, `a=${"v".repeat(64)}`, 2, "at most 63"],
  ["k".repeat(64), "k".repeat(64), 0, "at most 63"],
];

Deno.test("a term that cannot be read is named with its place", () => {
  for (const [text, term, position, fault] of REFUSED) {
    assert.throws(() => parseSelector(text), (error) => {
      assert.ok(error instanceof SelectorError, String(error));
      assert.deepEqual([error.term, error.position], [term, position], text);
      assert.equal(error.code, "usage");
      assert.ok(error.message.includes(`"${term}" at character ${position + 1}`), error.message);
      assert.ok(error.message.includes(fault), error.message);
      return true;
    });
  }
});

Deno.test("labels match selectors as they do in Kubernetes", () => {
  const labels = { board: "x", cpus: "8", empty: "", odd: "08x" };
  const holding = "board=x board==x board!=y gone!=x board|in|(x,y) gone|notin|(x) board !gone " +
    "cpus>7 cpus<9 empty= empty|in|() !toString toString!=x";
  const failing = "board=y gone= board!=x board|in|(y) gone|in|() board|notin|(x) gone !board " +
    "cpus>8 cpus<8 gone>0 gone<1 odd>0 toString constructor=x";
  for (const [terms, expected] of [[holding, true], [failing, false]] as const) {
    for (const term of terms.split(" ").map((term) => term.replaceAll("|", " "))) {
      assert.equal(matchesLabels(parseSelector(term), labels), expected, term);
    }
  }
  assert.equal(matchesLabels(parseSelector("board=x,gone"), labels), false);
  assert.equal(matchesLabels([], undefined), true);
});

Deno.test("equality becomes labels, and the rest expressions [controller 53, 55]", () => {
  assert.deepEqual(toStoredSelector(" a = 1 , b=2"), { matchLabels: { a: "1", b: "2" } });
  assert.deepEqual(toStoredSelector("env in (prod,staging),env notin (dev,test),app,!old,a=1"), {
    matchLabels: { a: "1" },
    matchExpressions: [
      { key: "env", operator: "In", values: ["prod", "staging"] },
      { key: "env", operator: "NotIn", values: ["dev", "test"] },
      { key: "app", operator: "Exists" },
      { key: "old", operator: "DoesNotExist" },
    ],
  });
  assert.deepEqual(toStoredSelector(""), {});
});

Deno.test("what is unequal becomes one expression a key [controller 54]", () => {
  const notIn = (key: string, ...values: string[]) => ({
    matchExpressions: [{ key, operator: "NotIn", values }],
  });
  assert.deepEqual(toStoredSelector("revision!=v3"), notIn("revision", "v3"));
  assert.deepEqual(toStoredSelector("key!=a,key!=b,key!=a"), notIn("key", "a", "b"));
  assert.deepEqual(toStoredSelector("key!=,key!="), notIn("key", ""));
  assert.ok(matchesLabels(parseSelector("revision!=v3"), {}));
});

Deno.test("a lease holds one value a key, and no other operators [controller 56]", () => {
  const refused: [string, RegExp][] = [
    ["a=1,a=2", /"a" cannot have multiple equality requirements/],
    ["invalid===syntax", /unable to parse "invalid===syntax"/],
    ["a==1", /unsupported label selector operator: "=="/],
    ["a>1", /unsupported label selector operator: ">"/],
    ["jumpstarter.dev/lease-ended=true", /the controller's own/],
  ];
  for (const [text, message] of refused) assert.throws(() => toStoredSelector(text), message);
  assert.deepEqual(toStoredSelector("a=1,a=1"), { matchLabels: { a: "1" } });
  assert.equal(parseSelector("a==1").length, 1);
});

Deno.test("clients see the canonical text of a lease's selector", () => {
  assert.equal(
    selectorText(toStoredSelector("!nonexistent,b!=2,a=1")),
    "a=1,b notin (2),!nonexistent",
  );
  assert.equal(selectorText({}), "<none>");
  assert.equal(selectorText(undefined), "<none>");
  const odd = { matchExpressions: [{ key: "a", operator: "Gt" as "In", values: ["1"] }] };
  assert.equal(selectorText(odd), "<error>");
});

Deno.test("a list filter holds for leases whose selector says so", () => {
  const selector = parseSelector("board=x,env in (a,b),rack notin (1)");
  for (const filter of ["", "board=x", "board", "env in (b,a)", "rack!=1", "gone!=x", "!gone"]) {
    assert.ok(matchesSelector(parseSelector(filter), selector), filter);
  }
  for (const filter of ["board=y", "env in (a)", "gone", "!board", "board!=x"]) {
    assert.ok(!matchesSelector(parseSelector(filter), selector), filter);
  }
});
