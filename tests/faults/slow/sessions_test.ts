import assert from "node:assert/strict";
import { types, writeExporter } from "../../support/exporter_file.ts";
import { repoPath, run, tempDir } from "../../support/programs.ts";
import { until } from "../../support/running.ts";
import { DirectExporter } from "../exporter.ts";
import { repeat, session } from "../session.ts";
import { workEntries } from "../work.ts";

/** Sessions until all is loaded, the log is full, and the heap has its size. */
const WARM_UP = 150;
const SESSIONS = 100;
/** What an exporter logs when it has given its memory back. */
const COLLECTED = "garbage collected";
/** How much larger an exporter may be after them. */
const MORE = 1.05;

Deno.test("100 sessions in a row leave the exporter's memory within 5 % and its open files equal", async () => {
  await using exporter = await DirectExporter.serve({
    entries: workEntries,
    flags: ["--tls-grpc-insecure", "--log-level", "DEBUG"],
  });
  const footprintAfter = async (sessions: number) => {
    await repeat(sessions, () => session(exporter.endpoint));
    const collected = exporter.program.stderr.split(COLLECTED).length;
    await until(COLLECTED, () => exporter.program.stderr.split(COLLECTED).length > collected);
    return await exporter.footprint();
  };
  const before = await footprintAfter(WARM_UP);
  const after = await footprintAfter(SESSIONS);
  assert.deepEqual({ ...after, memory: 0 }, { ...before, memory: 0 });
  assertNoMore(after.memory, before.memory);
});

Deno.test("100 local sessions in a row leave their process's memory within 5 % and its open files equal", async () => {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, { power: { type: types.power }, ...workEntries });
  const script = repoPath("tests/faults/local_sessions.ts");
  const options = ["-qA", `--config=${repoPath("deno.json")}`, "--v8-flags=--expose-gc"];
  const counts = [WARM_UP, SESSIONS].map(String);
  const { stdout, stderr } = await run([
    Deno.execPath(),
    "run",
    ...options,
    script,
    file,
    ...counts,
  ]);
  assert.equal(stderr, "");
  const [before, after] = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(after.files, before.files);
  assertNoMore(after.heapUsed, before.heapUsed);
});

function assertNoMore(after: number, before: number): void {
  assert.ok(after < before * MORE, `${after} bytes after the sessions, ${before} before`);
}
