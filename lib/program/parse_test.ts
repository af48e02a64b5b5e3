import assert from "node:assert/strict";
import {
  choice,
  flag,
  integer,
  optional,
  path,
  repeated,
  seconds,
  text,
  withDefault,
} from "../commands/mod.ts";
import { parse } from "./parse.ts";
import type { Syntax } from "./syntax.ts";

const syntax: Syntax = {
  does: "Try things out",
  arguments: { file: path("what to try"), rest: repeated(text("more", "WORD")) },
  options: {
    maxCount: optional(integer("how many", { min: 0, max: 9 }, "n")),
    wait: seconds(2, "how long", "w"),
    kind: withDefault(choice(["a", "b"], "which"), "a"),
    target: repeated(text("where", "NAME", "t")),
    noInput: flag("read nothing"),
  },
};

function valuesOf(...args: string[]): Record<string, unknown> {
  const parsed = parse("j try", syntax, args);
  assert.equal(parsed.kind, "run");
  return parsed.kind === "run" ? parsed.values : {};
}

const nothing = {
  file: "f",
  rest: [],
  maxCount: undefined,
  wait: 2000,
  kind: "a",
  target: [],
  noInput: false,
};

/** A command line, and what differs from the defaults. */
const lines: [string[], Record<string, unknown>][] = [
  [["f"], {}],
  [["f", "--max-count", "3"], { maxCount: 3 }],
  [["f", "-n3"], { maxCount: 3 }],
  [["--wait=0.5", "f"], { wait: 500 }],
  [["f", "x", "--kind", "b", "y"], { kind: "b", rest: ["x", "y"] }],
  [["f", "-t", "one", "-t", "two"], { target: ["one", "two"] }],
  [["f", "--no-input"], { noInput: true }],
  [["f", "--", "-n", "--kind"], { rest: ["-n", "--kind"] }],
];

for (const [line, values] of lines) {
  Deno.test(`parse() reads ${line.join(" ")}`, () => {
    assert.deepEqual(valuesOf(...line), { ...nothing, ...values });
  });
}

/** A command line that is wrong, and the sentence that says why. */
const wrong: [string[], RegExp][] = [
  [[], /^missing required argument 'file'/],
  [["f", "-n", "10"], /^"10" is not a whole number from 0 to 9/],
  [["f", "-n", "x"], /^"x" is not a whole number from 0 to 9/],
  [["f", "-w", "soon"], /^"soon" is not a number of seconds/],
  [["f", "--kind", "c"], /^"c" is not one of a, b/],
  [["f", "--knd", "a"], /^unknown option '--knd' \(Did you mean --kind\?\)/],
];

for (const [line, reason] of wrong) {
  Deno.test(`parse() refuses ${line.join(" ") || "nothing"}`, () => {
    assert.throws(() => valuesOf(...line), { code: "usage", message: reason });
  });
}

Deno.test("parse() leaves options after the first argument, and unknown ones, to those that pass them on", () => {
  const passing: Syntax = {
    does: "Run a script",
    arguments: { args: repeated(text("arguments")) },
    options: { env: repeated(text("variable", "KEY=VALUE", "e")) },
    passesOptions: true,
  };
  const values = (...args: string[]) => {
    const parsed = parse("j run", passing, args);
    return parsed.kind === "run" ? parsed.values : parsed.kind;
  };
  assert.deepEqual(values("-e", "A=1", "x", "-e", "--help"), {
    args: ["x", "-e", "--help"],
    env: ["A=1"],
  });
  assert.deepEqual(values("-x", "-e", "y"), { args: ["-x", "-e", "y"], env: [] });
  assert.equal(values("--help"), "help");
});

Deno.test("parse() shows help with the defaults that are worth a word", () => {
  const parsed = parse("j try", syntax, ["--help"]);
  assert.equal(parsed.kind, "help");
  const help = parsed.kind === "help" ? parsed.text : "";
  assert.match(help, /^Usage: j try \[options\] <file> \[rest\.\.\.\]\n\nTry things out\.\n/);
  assert.match(help, /-w, --wait <SECONDS> +how long \(default: 2\)/);
  assert.match(help, /--no-input +read nothing\n/);
  assert.doesNotMatch(help, /default: (\[\]|false)/);
});
