/**
 * Measures how long a controller with many leases takes to start again, beside one that has none:
 * `deno run -A tests/bench/restart.ts [LEASES]`.
 */
import { formatTime, type Lease } from "@jumpstarter/lib/lease";
import { openSqliteStore } from "@jumpstarter/controller/store";
import { ControllerProcess } from "../support/controller.ts";

const LEASES = Number(Deno.args[0] ?? 10_000);
const EXPORTERS = 200;
const NAMESPACE = "lab";

/** What a lease is: most are over, some have an exporter, the others wait. */
function statusOf(index: number): Lease["status"] {
  const now = formatTime(Date.now());
  const isHeld = index < EXPORTERS;
  if (isHeld) {
    return { ended: false, beginTime: now, exporterRef: { name: `e${index}` }, conditions: [] };
  }
  return index % 4 === 0 ? undefined : { ended: true, endTime: now, conditions: [] };
}

async function fill(data: string): Promise<void> {
  await using store = await openSqliteStore(`${data}/store.sqlite`);
  const metadata = (name: string) => ({ namespace: NAMESPACE, name, labels: { board: "x" } });
  await store.clients.create({ metadata: metadata("c1"), spec: {} });
  const work = Array.from({ length: LEASES }, async (_, index) => {
    if (index < EXPORTERS) {
      await store.exporters.create({ metadata: metadata(`e${index}`), spec: {} });
    }
    const spec = { clientRef: { name: "c1" }, selector: { matchLabels: { board: "x" } } };
    const lease = await store.leases.create({
      metadata: metadata(`l${index}`),
      spec: { ...spec, duration: "24h" },
    });
    const status = statusOf(index);
    if (status !== undefined) await store.leases.updateStatus({ ...lease, status });
  });
  await Promise.all(work);
}

async function start(controller: ControllerProcess, what: string): Promise<void> {
  await controller.end("SIGKILL");
  const began = performance.now();
  await controller.restart();
  const ready = performance.now() - began;
  console.log(`${what.padEnd(52)}${(ready / 1_000).toFixed(2).padStart(9)} s`);
}

await using controller = await ControllerProcess.start("--log-level", "ERROR");
await start(controller, "start, nothing there");
await controller.end("SIGTERM");
await fill(controller.data);
// Leases and exporters that it did not make itself: it tells them their places, and makes tokens.
await start(controller, `start, ${LEASES} leases of somebody else's making`);
for (let time = 0; time < 3; time++) {
  await start(controller, `start after SIGKILL, ${LEASES} leases`);
}
