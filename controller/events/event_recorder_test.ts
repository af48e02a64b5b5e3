import * as assert from "node:assert/strict";
import { openSqliteStore, type Store, type StoredObject } from "../store/mod.ts";
import { type EventLimits, EventRecorder } from "./mod.ts";

const HOUR = 3_600_000;
const offline = {
  type: "Warning",
  reason: "ExporterOffline",
  message: "Connection lost",
  component: "exporter-controller",
} as const;

interface Bench extends AsyncDisposable {
  readonly store: Store;
  readonly exporter: StoredObject;
  readonly failures: string[];
  time: number;
  open(limits?: Partial<EventLimits>): Promise<EventRecorder>;
  told(): Promise<string[]>;
}

async function bench(): Promise<Bench> {
  const store = await openSqliteStore(":memory:");
  const exporter = await store.exporters.create({
    metadata: { namespace: "lab", name: "e1" },
    spec: {},
  });
  const at: Bench = {
    store,
    exporter,
    failures: [],
    time: 10 * HOUR,
    open(limits = {}) {
      const log = (_: string, __: string, { error }: { error?: unknown }) => {
        at.failures.push(String(error));
      };
      return EventRecorder.open({ store, namespace: "lab", limits, log, now: () => at.time });
    },
    async told() {
      const { items } = await store.events.list();
      return items.map(({ reason, message, count }) => `${reason} ${message} ${count}`).sort();
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
  return at;
}

Deno.test("what happens again is counted, also after a restart; another sentence is another event", async () => {
  await using at = await bench();
  for (let time = 0; time < 2; time++) {
    await using recorder = await at.open();
    recorder.tell(at.exporter, offline);
    recorder.tell(at.exporter, offline);
    at.time += 1_000;
  }
  {
    await using recorder = await at.open();
    recorder.tell(at.exporter, { ...offline, message: "lunch" });
  }
  assert.deepEqual(await at.told(), [
    "ExporterOffline Connection lost 4",
    "ExporterOffline lunch 1",
  ]);
  const { items } = await at.store.events.list();
  const event = items.find(({ count }) => count === 4)!;
  assert.match(event.metadata.name, /^e1\.[a-z0-9]+$/);
  assert.equal(event.firstTimestamp, "1970-01-01T10:00:00Z");
  assert.equal(event.lastTimestamp, "1970-01-01T10:00:01Z");
  assert.equal(event.involvedObject.uid, at.exporter.metadata.uid);
  assert.equal(event.source?.component, "exporter-controller");
});

Deno.test("events are forgotten an hour after they happened last, and the oldest when there are too many", async () => {
  await using at = await bench();
  {
    await using recorder = await at.open();
    for (let number = 0; number < 5; number++) {
      recorder.tell(at.exporter, { ...offline, message: String(number) });
      at.time += 1_000;
    }
  }
  await (await at.open({ events: 3 }))[Symbol.asyncDispose]();
  assert.deepEqual(await at.told(), [2, 3, 4].map((number) => `ExporterOffline ${number} 1`));
  at.time += HOUR - 2_000;
  await (await at.open())[Symbol.asyncDispose]();
  assert.deepEqual(await at.told(), ["ExporterOffline 3 1", "ExporterOffline 4 1"]);
});

Deno.test("an event that somebody deleted is told anew, and a flood is cut off", async () => {
  await using at = await bench();
  await using recorder = await at.open({ waiting: 2 });
  for (let number = 0; number < 9; number++) {
    recorder.tell(at.exporter, { ...offline, message: String(number) });
  }
  await recorder[Symbol.asyncDispose]();
  assert.deepEqual((await at.told()).length, 2);
  for (const { metadata: { namespace, name } } of (await at.store.events.list()).items) {
    await at.store.events.delete(namespace, name);
  }
  recorder.tell(at.exporter, { ...offline, message: "0" });
  await recorder[Symbol.asyncDispose]();
  assert.deepEqual(await at.told(), ["ExporterOffline 0 1"]);
});

Deno.test("a store that fails fails nobody who tells something", async () => {
  await using at = await bench();
  await using recorder = await at.open();
  await at.store[Symbol.asyncDispose]();
  recorder.tell(at.exporter, offline);
  recorder.tell(at.exporter, offline);
  await recorder[Symbol.asyncDispose]();
  assert.match(at.failures.join(), /is closed/);
});
