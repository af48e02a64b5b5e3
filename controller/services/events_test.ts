import * as assert from "node:assert/strict";
import { conditionOf } from "@jumpstarter/lib/lease";
import { ControllerService } from "@jumpstarter/proto";
import { TestLab } from "../../tests/support/lab.ts";
import { FakeExporter } from "../../tests/support/lab_calls.ts";
import { until } from "../../tests/support/running.ts";

const DAY = 24 * 60 * 60;

/** What is told of an object, in order: type, reason, how often. */
async function told({ store }: TestLab, name: string): Promise<string[]> {
  const { items } = await store.events.list({
    fields: (event) => event.involvedObject.name === name,
  });
  return items.map(({ type, reason, count }) => `${type} ${reason} ${count}`).sort();
}

Deno.test("what becomes of an exporter is told, each time [controller 85]", async () => {
  await using lab = await TestLab.start({ liveness: { silence: 50, reconnect: 50 } });
  const member = await lab.exporter("e1");
  const news = (...wanted: string[]) =>
    until(`${wanted}`, async () => String(await told(lab, "e1")) === String(wanted));
  {
    await using _exporter = await FakeExporter.start(lab, member);
    await news("Normal ExporterOnline 1", "Normal ExporterRegistered 1");
  }
  await news("Normal ExporterOnline 1", "Normal ExporterRegistered 1", "Warning ExporterOffline 1");
  await using exporter = await FakeExporter.start(lab, member);
  await news("Normal ExporterOnline 2", "Normal ExporterRegistered 1", "Warning ExporterOffline 1");
  await exporter.channel.unary(ControllerService.unregister, { reason: "lunch" });
  await news(
    "Normal ExporterOnline 2",
    "Normal ExporterRegistered 1",
    "Warning ExporterOffline 1",
    "Warning ExporterOffline 1",
    "Warning ExporterUnregistered 1",
  );
  const { items } = await lab.store.events.list();
  const offline = items.filter(({ reason }) => reason === "ExporterOffline");
  const texts = offline.map(({ message }) => message).sort();
  assert.deepEqual(texts, ["Last seen more than 15 seconds ago", "lunch"]);
});

Deno.test("a token that expires soon is told of once, a fresh one never [controller 109]", async () => {
  for (
    const [days, status, reason, events] of [
      [20, "True", "ExpiresWithin30Days", [
        "Normal CredentialCreated 1",
        "Warning TokenExpiringSoon 1",
      ]],
      [60, "False", "Valid", ["Normal CredentialCreated 1"]],
    ] as const
  ) {
    await using lab = await TestLab.start({ settings: { tokenLifetime: days * DAY * 1_000 } });
    await lab.client("c1");
    await until("it is told", async () => String(await told(lab, "c1")) === String(events));
    const client = await lab.store.clients.get("lab", "c1");
    const found = conditionOf(client, "TokenExpiring");
    assert.deepEqual([found?.status, found?.reason], [status, reason]);
    const left = Date.parse(client.status!.tokenExpiresAt!) - Date.now();
    assert.ok(Math.abs(left - days * DAY * 1_000) < DAY * 1_000);
    await lab.restart();
    await lab.client("c2");
    await until("the next is told", async () => String(await told(lab, "c2")) === String(events));
    assert.deepEqual(await told(lab, "c1"), events);
  }
});
