import assert from "node:assert/strict";
import { exporterLog } from "@jumpstarter/exporter";
import type { ExporterState, SessionConnection } from "@jumpstarter/lib/client";
import { aborted } from "@jumpstarter/lib/program";
import { ExporterStatus } from "@jumpstarter/proto";
import { testIo } from "../../tests/support/command_io.ts";
import { WatchedExporter } from "./watched_exporter.ts";

const { LEASE_READY, BEFORE_LEASE_HOOK_FAILED } = ExporterStatus;

/** An exporter that says nothing but its state, and calls back when it has told that. */
function exporter(state: ExporterState) {
  const { signal } = new AbortController();
  return {
    state,
    onAsked: () => {},
    endpoint: { kind: "tcp", hostname: "bench", port: 1 },
    lost: signal,
    closed: signal,
    askState() {
      setTimeout(this.onAsked);
      return Promise.resolve(this.state);
    },
    channel: {
      async *serverStream(_method: unknown, _request: unknown, options: { signal: AbortSignal }) {
        await aborted(options.signal);
        yield* [];
      },
    },
  };
}

Deno.test("an exporter that fails while its warning is shown is not ready", async () => {
  const state = { status: LEASE_READY, message: "[HOOK_WARNING] slow", version: 1 };
  const source = exporter(state);
  const { io, notes } = testIo();
  const note = async (line: string) => {
    await io.note(line);
    const failed = { status: BEFORE_LEASE_HOOK_FAILED, message: "it broke", version: 2 };
    source.state = failed;
    await new Promise<void>((resolve) => source.onAsked = resolve);
  };
  await using watched = new WatchedExporter(source as unknown as SessionConnection, {
    io: { ...io, note },
    showsAll: false,
    openLog: (to) => exporterLog({ io: to, format: "text", level: "INFO" }),
  });
  await assert.rejects(watched.ready(), { code: "not_ready", message: /^it broke; / });
  assert.deepEqual(notes, ["Warning: slow"]);
});
