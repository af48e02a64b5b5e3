import assert from "node:assert/strict";
import { ExporterStatus } from "@jumpstarter/proto";
import { FakeTime } from "../../tests/support/fake_time.ts";
import { ConnectionError } from "../errors.ts";
import { RpcError, type StatusName } from "../rpc/status.ts";
import { StatusMonitor } from "./status_monitor.ts";

const { BEFORE_LEASE_HOOK, LEASE_READY, OFFLINE } = ExporterStatus;
const READY = [LEASE_READY, OFFLINE];

/** An exporter whose status a test sets, or what asking fails with. */
function exporter(first: ExporterStatus | StatusName) {
  const lost = new AbortController();
  const source = {
    now: first,
    polls: 0,
    lost: lost.signal,
    lose: () => lost.abort(new ConnectionError("it went away")),
    askState() {
      source.polls++;
      const { now } = source;
      if (typeof now === "string") return Promise.reject(new RpcError(now, ""));
      return Promise.resolve({ status: now, message: `status ${now}`, version: source.polls });
    },
  };
  return source;
}

/** What becomes of a promise; looked at without waiting. */
function outcome<T>(promise: Promise<T>): { value?: T; error?: Error } {
  const seen: { value?: T; error?: Error } = {};
  promise.then((value) => seen.value = value, (error) => seen.error = error);
  return seen;
}

Deno.test("waitForAny() asks every 100 ms until one of the statuses is there", async () => {
  using time = new FakeTime();
  const source = exporter(BEFORE_LEASE_HOOK);
  const seen: number[] = [];
  using monitor = new StatusMonitor(source, ({ status }) => seen.push(status));
  const wait = outcome(monitor.waitForAny(READY));
  await time.pass(1_000);
  assert.equal(source.polls, 11);
  assert.deepEqual(wait, {});
  source.now = LEASE_READY;
  await time.pass(100);
  assert.equal(wait.value?.status, LEASE_READY);
  assert.deepEqual(seen, [BEFORE_LEASE_HOOK, LEASE_READY], "each change is told once");
});

Deno.test("a calm session that is ready is asked every 5 s, and at once when something is heard", async () => {
  using time = new FakeTime();
  const source = exporter(LEASE_READY);
  using monitor = new StatusMonitor(source);
  monitor.isCalm = true;
  await time.pass(14_000);
  assert.equal(source.polls, 3);
  monitor.refresh();
  await time.pass(0);
  assert.equal(source.polls, 4);
});

Deno.test("waitForAny() ends after its time, and says what the status is", async () => {
  using time = new FakeTime();
  using monitor = new StatusMonitor(exporter(BEFORE_LEASE_HOOK));
  const wait = outcome(monitor.waitForAny(READY, { timeout: 2_000 }));
  await time.pass(1_999);
  assert.deepEqual(wait, {});
  await time.pass(1);
  assert.equal(
    wait.error?.message,
    "the exporter is not LEASE_READY or OFFLINE within 2 s; it is BEFORE_LEASE_HOOK: status 3",
  );
});

Deno.test("waitForAny() ends with its signal", async () => {
  using time = new FakeTime();
  using monitor = new StatusMonitor(exporter(BEFORE_LEASE_HOOK));
  const aborter = new AbortController();
  const wait = outcome(monitor.waitForAny(READY, { signal: aborter.signal }));
  await time.pass(500);
  aborter.abort(new Error("enough"));
  await time.pass(0);
  assert.equal(wait.error?.message, "enough");
});

Deno.test("an exporter that tells no status is ready, and asked once [client 106]", async () => {
  using time = new FakeTime();
  const source = exporter("UNIMPLEMENTED");
  using monitor = new StatusMonitor(source);
  const wait = outcome(monitor.waitForAny(READY));
  await time.pass(10_000);
  assert.equal(wait.value?.status, LEASE_READY);
  assert.equal(source.polls, 1);
});

/** How an exporter is lost, and what its users are told. */
const losses: [what: string, (source: ReturnType<typeof exporter>) => void, RegExp][] = [
  ["its connection is lost", (source) => source.lose(), /^it went away$/],
  [
    "20 polls are not answered",
    (source) => source.now = "DEADLINE_EXCEEDED",
    /not answer any more/,
  ],
  ["it lets us in no more", (source) => source.now = "UNAUTHENTICATED", /lets us in no more/],
];

for (const [what, happen, message] of losses) {
  Deno.test(`an exporter is lost when ${what}, and those who wait are told [client 106]`, async () => {
    using time = new FakeTime();
    const source = exporter(BEFORE_LEASE_HOOK);
    using monitor = new StatusMonitor(source);
    const wait = outcome(monitor.waitForAny(READY));
    await time.pass(1_000);
    assert.equal(monitor.lost.aborted, false);
    happen(source);
    await time.pass(3_000);
    assert.match((monitor.lost.reason as Error).message, message);
    assert.match(wait.error!.message, message);
    const { polls } = source;
    await time.pass(3_000);
    assert.equal(source.polls, polls, "nobody is asked any more");
  });
}

Deno.test("an exporter that cannot be reached for a while is asked on", async () => {
  using time = new FakeTime();
  const source = exporter("UNAVAILABLE");
  using monitor = new StatusMonitor(source);
  const wait = outcome(monitor.waitForAny(READY));
  await time.pass(60_000);
  source.now = LEASE_READY;
  await time.pass(100);
  assert.equal(wait.value?.status, LEASE_READY);
});
