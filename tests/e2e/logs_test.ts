import assert from "node:assert/strict";
import { connect } from "@jumpstarter/lib/client";
import { parseEndpoint } from "@jumpstarter/lib/rpc";
import { types, writeExporter } from "../support/exporter_file.ts";
import { exporterCommand, jmpCommand, repoPath, run, tempDir } from "../support/programs.ts";
import { start } from "../support/running.ts";
import { hasTmux, TestTerminal } from "../support/tmux.ts";

const entries = {
  power: { type: types.power },
  flooder: { type: `${repoPath("tests/support/flooder.ts")}#Flooder` },
};

type Command = [string, ...string[]];

interface Logged {
  /** What the exporter wrote to standard error. */
  readonly lines: string[];
  /** What a client read of the session's log. */
  readonly read: string[];
}

/** Runs an exporter, has some calls made, and ends it. */
async function logOf(
  command: (...args: string[]) => Command,
  where: { before?: string[]; behind?: string[]; env?: Record<string, string> },
): Promise<Logged> {
  await using dir = await tempDir();
  const socket = `${dir.path}/socket`;
  const file = await writeExporter(dir.path, entries);
  const { before = [], behind = [], env = {} } = where;
  const words = [...before, "run", "--exporter-config", file, "--socket", socket, ...behind];
  await using exporter = start(command(...words), { env: { XDG_RUNTIME_DIR: dir.path, ...env } });
  await exporter.shown(/^JUMPSTARTER_HOST=/);
  const read: string[] = [];
  {
    await using board = await connect(parseEndpoint(socket));
    await board.child("flooder").call("whisper");
    await board.child("power").call("on");
    await assert.rejects(board.child("power").call("explode"));
    for await (const { message } of board.logs()) {
      read.push(message);
      if (message === "Operation failed") break;
    }
  }
  exporter.kill("SIGTERM");
  const { stderr, status } = await exporter.finished;
  assert.equal(status, 0);
  return { lines: stderr.split("\n").filter((line) => line !== ""), read };
}

const json = { behind: ["--log-format", "json"] };

for (
  const [name, command, where] of [
    ["jmp --log-format json run", jmpCommand, { before: ["--log-format", "json"] }],
    ["jmp run --log-format=json", jmpCommand, { behind: ["--log-format=json"] }],
    ["jmp-exporter --log-format json run", exporterCommand, { before: ["--log-format", "json"] }],
    ["jmp-exporter run, without a terminal", exporterCommand, {}],
    ["jmp-exporter --log-format text run --log-format json", exporterCommand, {
      before: ["--log-format", "text"],
      ...json,
    }],
  ] as const
) {
  Deno.test(`${name} logs a line of JSON for each record [exporter 66]`, async () => {
    const { before, behind } = where as { before?: string[]; behind?: string[] };
    const { lines } = await logOf(command, {
      ...(before === undefined ? {} : { before }),
      ...(behind === undefined ? {} : { behind }),
      env: { NAMESPACE: "lab", POD_NAMESPACE: "other" },
    });
    const records = lines.map((line) => JSON.parse(line));
    assert.ok(records.length >= 7);
    for (const { ts, level, msg, logger, component, namespace, exporter, lease_id } of records) {
      assert.match(ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.match(level, /^(info|warning)$/);
      for (const text of [msg, logger]) assert.equal(typeof text, "string");
      assert.deepEqual(
        [component, namespace, exporter, lease_id],
        ["exporter", "lab", "bench", "standalone"],
      );
    }
    const { ts: _, ...failed } = records.at(-1);
    assert.deepEqual(failed, {
      level: "warning",
      msg: "Operation failed",
      logger: "driver.MockPower",
      component: "exporter",
      source: "driver",
      namespace: "lab",
      exporter: "bench",
      lease_id: "standalone",
      operation: "explode",
      driver_type: "power",
      result: "failure",
      error_type: "internal_error",
    });
  });
}

Deno.test("--log-format text logs sentences, without colours where there is no terminal", async () => {
  const { lines } = await logOf(exporterCommand, { before: ["--log-format=text"] });
  assert.match(
    lines[0]!,
    /^\d\d:\d\d:\d\d INFO \[driver\.Flooder\] \(whisper\) Operation started$/,
  );
  assert.match(lines.at(-1)!, /\(explode\) Operation failed error_type=internal_error$/);
});

Deno.test("--log-level DEBUG shows what drivers say in detail, to clients as well", async () => {
  const { lines, read } = await logOf(jmpCommand, { before: ["--log-level", "DEBUG"] });
  const detail = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === "a detail");
  assert.equal(detail.level, "debug");
  assert.ok(read.includes("a detail"));
});

Deno.test("--log-level WARNING keeps the exporter quiet, and tells clients no less", async () => {
  const { lines, read } = await logOf(exporterCommand, { behind: ["--log-level", "WARNING"] });
  assert.deepEqual(lines.map((line) => JSON.parse(line).msg), ["Operation failed"]);
  assert.ok(read.includes("Operation completed") && !read.includes("a detail"));
});

Deno.test("an exporter whose log cannot be written serves all the same", async () => {
  const intoFull = (...args: string[]): Command => [
    "sh",
    "-c",
    'exec "$@" 2>/dev/full',
    "sh",
    ...exporterCommand(...args),
  ];
  const { lines, read } = await logOf(intoFull, {});
  assert.deepEqual(lines, []);
  assert.equal(read.at(-1), "Operation failed");
});

Deno.test({
  name: "on a terminal an exporter logs for people",
  ignore: !hasTmux,
  async fn() {
    await using dir = await tempDir();
    const socket = `${dir.path}/socket`;
    const file = await writeExporter(dir.path, entries);
    const command = exporterCommand("run", "--exporter-config", file, "--socket", socket);
    const env = { XDG_RUNTIME_DIR: dir.path };
    await using terminal = await TestTerminal.open(command, { cwd: dir.path, env });
    await terminal.shows(/^JUMPSTARTER_HOST=/m);
    await using board = await connect(parseEndpoint(socket));
    await board.child("power").call("on");
    await terminal.shows(/^\d\d:\d\d:\d\d INFO \[driver\.MockPower\] \(on\) Operation completed/m);
  },
});

for (
  const [line, sentence] of [
    ["--log-level debug run", /^error: --log-level: "debug" is not one of DEBUG, INFO, /],
    ["--log-format", /^error: --log-format takes a value$/m],
    ["run --log-format xml", /^error: "xml" is not one of auto, json, text/],
    [
      "--log-formt json run",
      /^error: .* has no option "--log-formt"; did you mean "--log-format"\?/,
    ],
    ["--log-level DEBUG version --log-level", /^error: .*--log-level/],
  ] as const
) {
  Deno.test(`jmp ${line} is a usage error`, async () => {
    const { status, stderr } = await run(jmpCommand(...line.split(" ")));
    assert.match(stderr, sentence);
    assert.equal(status, 2);
  });
}

Deno.test("other commands take the log options, and pay no heed", async () => {
  const options = ["--log-level", "DEBUG", "--log-format=json"];
  const { status, stdout } = await run(
    jmpCommand(...options, "driver", "--log-level=ERROR", "list"),
  );
  assert.equal(status, 0);
  assert.match(stdout, /MockPower/);
});
