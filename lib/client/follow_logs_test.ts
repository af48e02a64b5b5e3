import assert from "node:assert/strict";
import { FakeTime } from "../../tests/support/fake_time.ts";
import type { LogRecord } from "../driver/log.ts";
import { DriverError } from "../errors.ts";
import { RpcError, type StatusName } from "../rpc/status.ts";
import { followLogs, reopenDelay } from "./follow_logs.ts";

/** A log as it is opened once: records at times, then what it breaks with. */
type Opening = [records: [time: number, message: string][], end: StatusName | undefined];

/** The messages that come of a log with these openings, and how often it was opened. */
async function follow(openings: Opening[]): Promise<{ messages: string[]; opened: number }> {
  using time = new FakeTime();
  const stop = new AbortController();
  const messages: string[] = [];
  let opened = 0;
  async function* open(): AsyncGenerator<LogRecord> {
    const [records, end] = openings[opened++] ?? [[], "UNAVAILABLE"];
    for (const [time, message] of records) {
      yield { time, message, severity: "INFO", source: "system", logger: "exporter:system" };
    }
    if (end !== undefined) throw new DriverError("the log", { cause: new RpcError(end, "") });
  }
  const reading = (async () => {
    for await (const { message } of followLogs(open, stop.signal)) messages.push(message);
  })();
  await time.pass(60_000);
  stop.abort();
  await reading;
  return { messages, opened };
}

Deno.test("followLogs() opens a log that broke again, and skips what it has read", async () => {
  const { messages } = await follow([
    [[[1, "a"], [2, "b"], [2, "c"]], "UNAVAILABLE"],
    [[[1, "a"], [2, "b"], [2, "c"], [2, "d"], [3, "e"]], undefined],
    [[[1, "a"], [2, "b"], [2, "c"], [2, "d"], [3, "e"]], "INTERNAL"],
  ]);
  assert.deepEqual(messages, ["a", "b", "c", "d", "e"]);
});

Deno.test("followLogs() goes on where a log goes on that is not read from its start again", async () => {
  const { messages } = await follow([
    [[[1, "a"], [2, "b"]], "UNAVAILABLE"],
    [[[3, "c"], [3, "c"]], "UNAVAILABLE"],
  ]);
  assert.deepEqual(messages, ["a", "b", "c", "c"]);
});

for (const end of ["UNIMPLEMENTED", "CANCELLED"] as const) {
  Deno.test(`followLogs() ends with ${end}`, async () => {
    assert.deepEqual(await follow([[[[1, "a"]], end], [[[2, "b"]], end]]), {
      messages: ["a"],
      opened: 1,
    });
  });
}

Deno.test("followLogs() gives a log up that breaks ten times in a row without a word", async () => {
  const silent: Opening[] = Array.from({ length: 9 }, () => [[], "UNAVAILABLE"]);
  const { opened } = await follow([...silent, [[[1, "a"]], "UNAVAILABLE"]]);
  assert.equal(opened, 9 + 1 + 10);
});

Deno.test("a log is opened again after 0.1 s, twice as late each time, up to 2 s", () => {
  const delays = Array.from({ length: 11 }, (_, attempts) => reopenDelay(attempts));
  assert.deepEqual(
    delays,
    [100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000, 2_000, 2_000, undefined],
  );
});
