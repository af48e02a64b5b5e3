import assert from "node:assert/strict";
import { parseExporterFile } from "@jumpstarter/lib/config";
import { ExporterStatus } from "@jumpstarter/proto";
import { buildTree } from "./build.ts";
import { Session } from "./session.ts";
import { SessionHooks, type SessionHooksOptions } from "./session_hooks.ts";
import { nameOf } from "./status.ts";

/** Hooks around a session without drivers, and the statuses that it has had. */
async function withHooks(
  hooks: Record<string, Record<string, unknown>>,
  options: Partial<SessionHooksOptions> = {},
) {
  const text = JSON.stringify({ metadata: { namespace: "a", name: "b" }, export: {}, hooks });
  const file = await parseExporterFile("bench.yaml", text);
  const lines: string[] = [];
  const session = await Session.open((host) => buildTree(file, host), {
    motd: "Bench 7",
    log: ({ source, message }) => void lines.push(`${source} ${message}`),
  });
  const statuses: string[] = [];
  const setStatus = session.setStatus.bind(session);
  session.setStatus = (status, message) => {
    setStatus(status, message);
    statuses.push(nameOf(status));
  };
  const running = new SessionHooks(session, file.hooks, {
    place: "direct",
    host: "/run/hook",
    leaseName: "standalone",
    clientName: "",
    env: Deno.env.toObject(),
    ...options,
  });
  return { session, hooks: running, lines, statuses };
}

const forever = new AbortController().signal;

Deno.test("without hooks the session is ready at once, and nothing is left to do after it", async () => {
  const { session, hooks, statuses } = await withHooks({});
  assert.equal(await hooks.before(forever), undefined);
  assert.equal(session.status.message, "Ready for commands");
  assert.equal(await hooks.after(forever), undefined);
  assert.deepEqual(statuses, ["LEASE_READY"]);
});

Deno.test("both hooks run in their place, know the lease, and move the status [exporter 46]", async () => {
  const script = 'echo "$LEASE_NAME,$CLIENT_NAME,$JUMPSTARTER_HOST"';
  const { session, hooks, statuses, lines } = await withHooks(
    { beforeLease: { script }, afterLease: { script } },
    { leaseName: "lease-1", clientName: "anna", place: "lease" },
  );
  assert.equal((await hooks.before(forever))?.runsAfterLease, true);
  assert.equal((await hooks.after(forever))?.releasesLease, true);
  assert.deepEqual(statuses, [
    "BEFORE_LEASE_HOOK",
    "LEASE_READY",
    "AFTER_LEASE_HOOK",
    "AVAILABLE",
  ]);
  assert.equal(session.status.version, 4);
  assert.deepEqual(lines, [
    "beforeLease lease-1,anna,/run/hook",
    "afterLease lease-1,anna,/run/hook",
  ]);
});

Deno.test("what a beforeLease hook leaves for people stands below what the file says [exporter 62]", async () => {
  const { session, hooks } = await withHooks({
    beforeLease: { script: 'echo "on loan to Anna" >"$JMP_MOTD_FILE"' },
  });
  await hooks.before(forever);
  assert.equal(session.motd, "Bench 7\non loan to Anna");
});

for (const phase of ["beforeLease", "afterLease"] as const) {
  const NAME = phase === "beforeLease" ? "BEFORE_LEASE_HOOK" : "AFTER_LEASE_HOOK";

  Deno.test(`${phase} with exit shows its failure before OFFLINE, shorter for who is in a hurry [exporter 50, 53]`, async () => {
    const { session, hooks, statuses } = await withHooks({
      [phase]: { script: "exit 4", onFailure: "exit" },
    });
    const hurry = new AbortController();
    const run = phase === "beforeLease" ? hooks.before(hurry.signal) : hooks.after(hurry.signal);
    const setStatus = session.setStatus;
    session.setStatus = (status, message) => {
      setStatus(status, message);
      if (nameOf(status).endsWith("FAILED")) queueMicrotask(() => hurry.abort());
    };
    const outcome = await run;
    assert.deepEqual(outcome?.stop, { code: 1, when: "now" });
    assert.equal(outcome.runsAfterLease, false);
    assert.deepEqual(statuses, [NAME, `${NAME}_FAILED`, "OFFLINE"]);
    assert.equal(
      session.status.message,
      `Exporter shutting down due to ${phase} hook failure`,
    );
  });
}

Deno.test("a beforeLease hook that is stopped leaves the status to the afterLease hook", async () => {
  const { session, hooks, lines } = await withHooks({
    beforeLease: { script: "echo never" },
    afterLease: { script: "echo cleaned" },
  });
  const outcome = await hooks.before(AbortSignal.abort());
  assert.equal(outcome?.runsAfterLease, true);
  assert.equal(session.status.status, ExporterStatus.BEFORE_LEASE_HOOK);
  await hooks.after(forever);
  assert.deepEqual(lines, ["afterLease cleaned"]);
});
