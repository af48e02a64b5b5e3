import assert from "node:assert/strict";
import { ExporterService, ExporterStatus, LogSource } from "@jumpstarter/proto";
import type { checks as all } from "../checks.ts";
import type { Check } from "./board.ts";

/** The Python exporter puts its logger's name before some messages. */
const says = (message: string, text: string) => message.replace(/^\[.*\] /, "") === text;

export const checks: Record<(typeof all)["session"][number], Check> = {
  async "GetStatus says that the lease is ready"({ connection: { channel } }) {
    const { status, message, statusVersion, previousStatus } = await channel.unary(
      ExporterService.getStatus,
      {},
    );
    assert.deepEqual(
      [status, message, statusVersion, previousStatus],
      [ExporterStatus.LEASE_READY, "", 1, ExporterStatus.AVAILABLE],
    );
  },
  async "the log has what a driver says"({ power, connection: { channel } }) {
    await power.on();
    for await (const record of channel.serverStream(ExporterService.logStream, {}, {})) {
      if (!says(record.message, "power on")) continue;
      assert.deepEqual([record.severity, record.source], ["INFO", LogSource.DRIVER]);
      return;
    }
    assert.fail("the log ended");
  },
  async "the client's log stream hands it on"(bench) {
    await bench.power.off();
    for await (const record of bench.logs()) {
      if (!says(record.message, "power off")) continue;
      assert.deepEqual([record.severity, record.source], ["INFO", "driver"]);
      return;
    }
    assert.fail("the log ended");
  },
  async "EndSession has no lease to end, and the session goes on"({ power, connection }) {
    const { success } = await connection.channel.unary(ExporterService.endSession, {});
    assert.equal(success, false);
    await power.on();
  },
};
