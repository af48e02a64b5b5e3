import * as assert from "node:assert/strict";
import { tempDir } from "../../tests/support/programs.ts";
import { AuditLog } from "./mod.ts";

const all = { limit: 1_000, after: 0, fields: {} };

Deno.test("what happened is kept over a restart, and found by what it is about", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/audit.sqlite`;
  {
    using audit = AuditLog.open(path, {}, () => 1_000);
    audit.add({ severity: "info", message: "on", exporter: "e1", lease: "l1", client: "c1" });
    audit.add({ severity: "error", message: "off", exporter: "e2" });
  }
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  using audit = AuditLog.open(path);
  assert.deepEqual(audit.list(all).map((entry) => ({ ...entry })), [
    {
      id: 1,
      time: 1_000,
      severity: "info",
      message: "on",
      exporter: "e1",
      lease: "l1",
      client: "c1",
      driver: "",
    },
    {
      id: 2,
      time: 1_000,
      severity: "error",
      message: "off",
      exporter: "e2",
      lease: "",
      client: "",
      driver: "",
    },
  ]);
  const messages = (query: Partial<typeof all>) =>
    audit.list({ ...all, ...query }).map(({ message }) => message);
  assert.deepEqual(messages({ fields: { exporter: "e2" } }), ["off"]);
  assert.deepEqual(messages({ fields: { severity: "info", client: "c1" } }), ["on"]);
  assert.deepEqual(messages({ fields: { exporter: "' OR 1=1 --" } }), []);
  assert.deepEqual(messages({ after: 1 }), ["off"]);
  assert.deepEqual(messages({ limit: 1 }), ["on"]);
  assert.deepEqual(audit.list({ ...all, limit: 1, isNewest: true })[0]?.message, "off");
});

Deno.test("the history is bounded: the oldest go, a flood is counted, long texts are cut", () => {
  using audit = AuditLog.open(":memory:", { entries: 100, waiting: 150 });
  for (let number = 0; number < 200; number++) {
    audit.add({ severity: "info", message: `${number}` });
  }
  const kept = audit.list(all);
  assert.equal(kept.length, 100);
  assert.equal(kept.at(-2)?.message, "149");
  assert.equal(kept.at(-1)?.message, "50 entries could not be kept, and are not here");
  audit.add({ severity: "s".repeat(300), message: "m".repeat(5_000) });
  const last = audit.list(all).at(-1)!;
  assert.deepEqual([last.severity.length, last.message.length], [253, 4_096]);
});

Deno.test("a file that is no history is named, with what to do", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/audit.sqlite`;
  await Deno.writeTextFile(path, "no database ".repeat(200));
  assert.throws(() => AuditLog.open(path), /audit\.sqlite cannot be used: .*remove it/);
});

Deno.test("who follows is told what was kept and what comes, each once, until the signal", async () => {
  using audit = AuditLog.open(":memory:", { delay: 1 });
  const add = (count: number, exporter: string) => {
    for (let index = 0; index < count; index++) {
      audit.add({ severity: "info", message: `${index}`, exporter });
    }
  };
  add(1_234, "e1");
  const ending = new AbortController();
  const entries = audit.follow({ after: 2, fields: { exporter: "e1" } }, ending.signal);
  const take = async (count: number) => {
    const ids: number[] = [];
    while (ids.length < count) ids.push((await entries.next()).value!.id);
    return ids;
  };
  assert.deepEqual(await take(1_232), Array.from({ length: 1_232 }, (_, index) => index + 3));
  const next = entries.next();
  add(1, "e2");
  add(1, "e1");
  assert.equal((await next).value!.id, 1_236);
  const over = entries.next();
  ending.abort();
  assert.equal((await over).done, true);
});

Deno.test("who has seen more than there is, as of a file that is gone, is told what comes", async () => {
  using audit = AuditLog.open(":memory:", { delay: 1 });
  const ending = new AbortController();
  const entries = audit.follow({ after: 1_000, fields: {} }, ending.signal);
  const next = entries.next();
  audit.add({ severity: "info", message: "on" });
  assert.equal((await next).value!.message, "on");
  ending.abort();
  await entries.return(undefined);
});
