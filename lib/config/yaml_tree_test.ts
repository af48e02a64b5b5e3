import assert from "node:assert/strict";
import { readYaml } from "./yaml_tree.ts";
import { plainMap } from "./yaml_value.ts";

function read(text: string): Record<string, unknown> {
  return plainMap(readYaml("board.yaml", text));
}

/** What is written, and what PyYAML 6 reads. */
const scalars: [string, unknown][] = [
  ...["yes", "Yes", "YES", "on", "On", "true", "True"].map((word): [string, unknown] => [
    word,
    true,
  ]),
  ...["no", "No", "NO", "off", "OFF", "false"].map((word): [string, unknown] => [word, false]),
  ...["y", "n", "Y", "N", "oN", "yES", "truE", "localhost"].map((word): [string, unknown] => [
    word,
    word,
  ]),
  ["", null],
  ["~", null],
  ["null", null],
  ["nULL", "nULL"],
  ["0", 0],
  ["-12", -12],
  ["+1_000", 1000],
  ["012", 10],
  ["08", "08"],
  ["0o7", "0o7"],
  ["0x1F", 31],
  ["-0b101", -5],
  ["22:22", 1342],
  ["1:30:00", 5400],
  ["00:11:22:33:44:55", "00:11:22:33:44:55"],
  ["22:80", "22:80"],
  ["1.5", 1.5],
  ["1.", 1],
  [".5", 0.5],
  ["-.5", "-.5"],
  ["1.5e+3", 1500],
  ["1e3", "1e3"],
  ["1.5e3", "1.5e3"],
  ["1:30.5", 90.5],
  ["-.inf", -Infinity],
  [".NaN", NaN],
  ["2020-01-01", "2020-01-01"],
  ["1.2.3.4", "1.2.3.4"],
  ["'on'", "on"],
  ['"012"', "012"],
  ["!!str on", "on"],
  ['!!int "5"', 5],
  ["!!binary aGk=", new Uint8Array([104, 105])],
];

for (const [text, value] of scalars) {
  Deno.test(`the word ${text || "(none)"} means what it means to PyYAML`, () => {
    const { a } = read(`a: ${text}\n`);
    assert.deepEqual(a instanceof Uint8Array ? new Uint8Array(a) : a, value);
  });
}

Deno.test("keys are the words that are written", () => {
  assert.deepEqual(read("a: {on: 1, y: 2, 010: 3, ~: 4, __proto__: 5}"), {
    a: Object.fromEntries([["on", 1], ["y", 2], ["010", 3], ["~", 4], ["__proto__", 5]]),
  });
});

Deno.test("merges keep the order and the precedence of PyYAML", () => {
  const text = `
a: &a {x: 1, y: 1}
b: &b {y: 2, z: 2}
c: {z: 3, <<: [*a, *b]}
d: {"<<": *a}
`;
  const { c, d } = read(text) as Record<string, Record<string, unknown>>;
  assert.deepEqual(Object.entries(c!), [["y", 1], ["z", 3], ["x", 1]]);
  assert.deepEqual(d, { "<<": { x: 1, y: 1 } });
});

Deno.test("an alias stands for the nearest anchor before it", () => {
  assert.deepEqual(read("k: 1\nx: &v 1\ny: *v\nz: &v 2\nw: *v"), {
    k: 1,
    x: 1,
    y: 1,
    z: 2,
    w: 2,
  });
});

const QUOTE = "the quote that opens here is not closed, or its text is not indented";
const COLON = 'a ": " too many, or wrong indentation; quote text with ": "';
const UNEXPECTED = "this does not belong here; look for a quote or a bracket too many";

/** A file, and the error. */
const faults: [string, string][] = [
  ["", "board.yaml: the file is empty"],
  ["# nothing\n", "board.yaml: the file is empty"],
  ["- a\n", "board.yaml: the file does not hold a map"],
  ["just text\n", "board.yaml: the file does not hold a map"],
  ["a:\n\tb: 1\n", "board.yaml:2:1: a tab indents this line; use spaces"],
  ['a: 1\nb: "x\nc: 1\nd: 2\n', `board.yaml:2:4: ${QUOTE}`],
  ['a: 1\nb: "x\nc: "y"\n', `board.yaml:2:4: ${QUOTE}`],
  ["a: 'it's'", `board.yaml:1:8: ${UNEXPECTED}`],
  [
    "a:\n  b: 1\n  c: 2\n  b: 3\n",
    'board.yaml:4:3: "b" is here twice; the first is on line 2',
  ],
  [
    "a: {b: [}\n",
    'board.yaml:1:9: a "[" before this is not closed with "]", or what it holds is not indented',
  ],
  [
    "a: {b: 1\nc: 2\n",
    'board.yaml:2:1: a "{" before this is not closed with "}", or what it holds is not indented',
  ],
  ["a: [1]]\n", `board.yaml:1:7: ${UNEXPECTED}`],
  [
    "a:\n  b: 1\n c: 2\n",
    "board.yaml:3:1: this is not indented like what stands beside it",
  ],
  ["a:\n  b: 1\n   c: 2\n", `board.yaml:2:6: ${COLON}`],
  ["a: b: c\n", `board.yaml:1:4: ${COLON}`],
  ["a: 1\nb\n", 'board.yaml:2:1: a key without ":" after it'],
  ["a: @x\n", "board.yaml:1:4: text that starts with this character needs quotes"],
  [
    'a: "\\q"\n',
    "board.yaml:1:5: double quotes know no such escape; single quotes take \\ as it is",
  ],
  ["a: 1\n---\nb: 2\n", "board.yaml:2:1: the file holds more than one document; keep one"],
  ["? [a]\n: b\n", "board.yaml:1:3: a list or a map cannot be a key"],
  ["a: !foo x\n", "board.yaml:1:4: unknown tag"],
  ["a: *x\n", "board.yaml:1:4: *x repeats a value that no &x before it names"],
  ["a: {<<: 5}\n", 'board.yaml:1:5: "<<" takes a map, or a list of maps'],
  ["a: &a [*a]\n", "board.yaml:1:8: values are nested more than 100 deep"],
];

for (const [text, message] of faults) {
  Deno.test(`YAML is refused: ${message.slice("board.yaml:".length)}`, () => {
    assert.throws(() => read(text), { name: "ConfigError", message });
  });
}

Deno.test("aliases that multiply without end are refused", () => {
  const lines = Array.from({ length: 20 }, (_, n) => {
    const inner = n === 0 ? "x" : `*a${n - 1}`;
    return `k${n}: &a${n} [${Array(9).fill(inner).join(", ")}]\n`;
  });
  assert.throws(() => read(lines.join("")), {
    message: /^board\.yaml:\d+:\d+: with its aliases the file holds more than 100000 values$/,
  });
});
