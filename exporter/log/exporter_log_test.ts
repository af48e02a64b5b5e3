import assert from "node:assert/strict";
import { Logger, type LogRecord, type Severity } from "@jumpstarter/lib/driver";
import { exporterLog, type ExporterLogOptions } from "./exporter_log.ts";

const record = (severity: Severity, message: string = severity): LogRecord => ({
  time: 0,
  severity,
  message,
  source: "driver",
  logger: "test",
});

function open(options: Omit<ExporterLogOptions, "io">) {
  const lines: string[] = [];
  const note = (text: string) => Promise.resolve(void lines.push(...text.split("\n")));
  return { lines, log: exporterLog({ ...options, io: { note } }) };
}

for (
  const [format, isTerminal, isJson] of [
    ["auto", false, true],
    ["auto", true, false],
    ["json", true, true],
    ["text", false, false],
  ] as const
) {
  Deno.test(`--log-format ${format} is ${isJson ? "JSON" : "text"} ${isTerminal ? "on" : "without"} a terminal`, async () => {
    const { lines, log } = open({ format, isTerminal });
    log(record("INFO"));
    await log.flush();
    assert.equal(lines.length, 1);
    assert.equal(lines[0]!.startsWith("{"), isJson);
    assert.equal(lines[0]!.includes("\x1b"), !isJson && isTerminal && !Deno.noColor);
  });
}

for (
  const [level, expected] of [
    ["DEBUG", ["DEBUG", "INFO", "ERROR"]],
    ["INFO", ["DEBUG", "INFO", "ERROR"]],
    ["WARNING", ["ERROR"]],
    ["CRITICAL", []],
  ] as const
) {
  Deno.test(`--log-level ${level} logs ${expected.join(", ") || "nothing of that"}`, async () => {
    const { lines, log } = open({ format: "json", level });
    for (const severity of ["DEBUG", "INFO", "ERROR"] as const) log(record(severity));
    await log.flush();
    assert.deepEqual(lines.map((line) => JSON.parse(line).msg), expected);
  });
}

Deno.test("whoever has no level of its own is asked for DEBUG records when the log shows them", async () => {
  for (const level of ["DEBUG", "INFO"] as const) {
    const { lines, log } = open({ format: "json", level });
    const origin = { name: "driver.Fan", source: "driver", sink: log } as const;
    new Logger(origin).debug("spins");
    new Logger({ ...origin, level: "INFO" }).debug("spins");
    await log.flush();
    assert.equal(lines.length, level === "DEBUG" ? 1 : 0);
  }
});

Deno.test("the context is that of the moment: a lease comes and goes [exporter 66]", async () => {
  const context: Record<string, string> = { exporter: "bench" };
  const { lines, log } = open({ format: "json", context });
  log(record("INFO", "before"));
  Object.assign(context, { lease_id: "lease-1", build: "42" });
  log(record("INFO", "during"));
  delete context.lease_id;
  delete context.build;
  log(record("INFO", "after"));
  await log.flush();
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)).map(({ msg, exporter, lease_id, build }) => ({
      [msg]: [exporter, lease_id, build],
    })),
    [
      { before: ["bench", undefined, undefined] },
      { during: ["bench", "lease-1", "42"] },
      { after: ["bench", undefined, undefined] },
    ],
  );
});
