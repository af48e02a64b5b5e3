import assert from "node:assert/strict";
import type { LogRecord, LogSource } from "@jumpstarter/lib/driver";
import { isSeen } from "./log_view.ts";

const CHATTER = "Exception NotImplementedError raised by servicer method GetStatus";

/** A record, and whether it is shown: always, with all others, or never. */
const records: [LogSource, Partial<LogRecord>, "always" | "with all" | "never"][] = [
  ["beforeLease", {}, "always"],
  ["afterLease", {}, "always"],
  ["driver", {}, "with all"],
  ["system", { severity: "ERROR" }, "with all"],
  ["system", { fields: { notice: "clients" } }, "always"],
  ["system", { message: CHATTER }, "never"],
  ["beforeLease", { message: CHATTER }, "always"],
];

Deno.test("hooks and notices are shown, other records with --exporter-logs only", () => {
  for (const [source, more, shown] of records) {
    const record: LogRecord = {
      time: 0,
      severity: "INFO",
      message: "",
      source,
      logger: `exporter:${source}`,
      ...more,
    };
    assert.equal(isSeen(record, false), shown === "always");
    assert.equal(isSeen(record, true), shown !== "never");
  }
});
