import assert from "node:assert/strict";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmp, tempDir } from "../support/programs.ts";

const head = "metadata: {namespace: default, name: bench}\n";

/** A file that cannot be used, and the sentence that says why. */
const files: [string, string, RegExp][] = [
  ["broken YAML", `${head}export: {a: [}\n`, /^error: .*bench\.yaml:2(:\d+)?: /],
  [
    "a misspelt key of a driver",
    `${head}export:\n  power:\n    typ: x\n`,
    /^error: .*bench\.yaml:4: export\.power has no "type"; it has "typ"\. Did you mean "type"\?/,
  ],
  [
    "an unknown type [exporter 8, client 77]",
    `${head}export:\n  power:\n    type: nope.X\n`,
    /^error: .*bench\.yaml:\d: .*Driver 'nope\.X' is not installed\. Please check exporter configuration\./,
  ],
  [
    "a type with a slip of the pen",
    `${head}export:\n  power:\n    type: jumpstarter_driver_power.driver.MokPower\n`,
    /Did you mean "jumpstarter_driver_power\.driver\.MockPower"\?/,
  ],
  [
    "a dangling ref [exporter 9]",
    `${head}export:\n  power: {type: ${types.power}}\n  main: {ref: pwer}\n`,
    /^error: .*bench\.yaml:4: Proxy driver main references nonexistent driver pwer\. Did you mean "power"\?/,
  ],
  [
    "refs in a circle",
    `${head}export:\n  a: {ref: b}\n  b: {ref: a}\n`,
    /"ref" goes in a circle/,
  ],
  [
    "a wrong value in a driver's config",
    `${head}export:\n  web:\n    type: ${types.tcp}\n    config:\n      host: localhost\n      port: http\n`,
    /^error: .*bench\.yaml:7: export\.web\.config\.port: /,
  ],
  [
    "a key that a driver does not know",
    `${head}export:\n  web:\n    type: ${types.tcp}\n    config: {host: a, port: 1, prot: 2}\n`,
    /^error: .*bench\.yaml:5: export\.web\.config\.prot: /,
  ],
  ["no metadata [exporter 6]", "export: {}\n", /^error: .*metadata/],
];

for (const [name, text, sentence] of files) {
  Deno.test(`jmp shell refuses, in a sentence and with status 1, a file with ${name}`, async () => {
    await using dir = await tempDir();
    await Deno.writeTextFile(`${dir.path}/bench.yaml`, text);
    const runtime = `${dir.path}/runtime`;
    await Deno.mkdir(runtime);
    const { status, stdout, stderr } = await jmp(
      ["shell", "--exporter-config", `${dir.path}/bench.yaml`, "--", "echo", "started"],
      { env: { XDG_RUNTIME_DIR: runtime } },
    );
    assert.equal(status, 1, stderr);
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /\n\s+at /, "a stack trace is no answer");
    assert.equal(stdout, "");
    assert.deepEqual([...Deno.readDirSync(runtime)], [], "nothing is left behind");
  });
}

Deno.test("jmp shell refuses a file that is not there, and both ways to name one [client 77]", async () => {
  const missing = await jmp(["shell", "--exporter-config", "/nonexistent.yaml", "--", "true"]);
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /^error: .*\/nonexistent\.yaml/);
  const unknown = await jmp(["shell", "--exporter", "nope"], {
    env: { JMP_CLIENT_CONFIG_HOME: "/nonexistent" },
  });
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /^error: there is no exporter "nope": .*Specify one of/);
  const both = await jmp(["shell", "--exporter", "a", "--exporter-config", "b"]);
  assert.equal(both.status, 2);
  const neither = await jmp(["shell"]);
  assert.equal(neither.status, 2);
  assert.match(neither.stderr, /Specify one of/);
});

Deno.test("jmp shell refuses options it does not have", async () => {
  const { status, stderr } = await jmp(["shell", "--exporter-confg", "x"]);
  assert.equal(status, 2);
  assert.match(stderr, /--exporter-config/);
});

/** Command lines of `j` that fail, and the sentence that says why. */
const lines: [string, string, RegExp][] = [
  ["a missing image", "j storage flash missing.img", /^error: .*missing\.img/],
  ["a folder for an image", "j storage flash .", /^error: /],
  [
    "an image larger than the storage",
    "j storage flash large.img",
    /^error: .*(full|space|capacity)/,
  ],
  ["no image", "j storage flash", /FILE argument is required unless --target\/-t is used/],
  [
    "an option that is not there",
    "j storage flash --fast large.img",
    /^error: unknown option '--fast'/,
  ],
  ["a surplus argument", "j power on twice", /^error: too many arguments/],
  ["a wrong value", "j power read -n many", /^error: "many" is not a whole number/],
];

for (const [name, line, sentence] of lines) {
  Deno.test(`j refuses ${name}, in a sentence, with status 1`, async () => {
    await using dir = await tempDir();
    await Deno.truncate(await createFile(`${dir.path}/large.img`), 2_000_000);
    const file = await writeExporter(dir.path, {
      power: { ref: "board.power" },
      storage: { ref: "board.storage" },
      board: { type: types.board, config: { storage_size: 1_000_000, boot_time: 0 } },
    });
    const check = `${line}; echo "status $?"; j power on; echo "after $?"`;
    const { stdout, stderr } = await jmp(
      ["shell", "--exporter-config", file, "--", "sh", "-c", check],
      { cwd: dir.path },
    );
    assert.match(stdout, /^status 1$/m, stderr);
    assert.match(stdout, /^after 0$/m, "the exporter is usable afterwards");
    assert.match(stderr, new RegExp(sentence.source, "m"));
    assert.doesNotMatch(stderr, /\n\s+at /, "a stack trace is no answer");
  });
}

async function createFile(path: string): Promise<string> {
  await Deno.writeTextFile(path, "");
  return path;
}
