/** What the embedded store takes: `deno bench -A controller/store`. */
import { leaseNamed } from "../contract/subject.ts";
import { openSqliteStore } from "../sqlite.ts";

const LEASES = 10_000;

const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const path = `${folder}/store.db`;

const CONDITIONS = ["Pending", "Ready"].map((type) => ({
  type,
  status: "True" as const,
  reason: type,
  message: "An exporter has been acquired for the client",
  lastTransitionTime: "2026-01-01T00:00:00Z",
  observedGeneration: 1,
}));

/** Fills the store, and measures how long the loop is kept from other things meanwhile. */
async function fill(): Promise<void> {
  await using store = await openSqliteStore(path);
  let [last, longest] = [performance.now(), 0];
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 0);
  const start = performance.now();
  for (let first = 0; first < LEASES; first += 1000) {
    await Promise.all(Array.from({ length: 1000 }, async (_, index) => {
      const name = `lease-${String(first + index).padStart(6, "0")}`;
      const lease = await store.leases.create(leaseNamed("lab", name));
      const status = { ended: false, exporterRef: { name: "e1" }, conditions: CONDITIONS };
      await store.leases.updateStatus({ ...lease, status });
    }));
  }
  clearInterval(timer);
  const seconds = (performance.now() - start) / 1000;
  const rate = Math.round(2 * LEASES / seconds);
  console.log(`${rate} writes/s, 1000 at a time; the loop waited ${longest.toFixed(1)} ms at most`);
}

await fill();

Deno.bench(`restart with ${LEASES} leases, and read them all`, async () => {
  await using store = await openSqliteStore(path);
  const { items } = await store.leases.list();
  if (items.length !== LEASES) throw new Error(`${items.length} leases`);
});

const store = await openSqliteStore(`${folder}/other.db`);
await store.leases.create(leaseNamed("lab", "l1"));
let step = 0;

Deno.bench("one write, on the disk", async () => {
  await store.leases.patch("lab", "l1", { metadata: { annotations: { step: String(step++) } } });
});

Deno.bench("one read", async () => {
  await store.leases.get("lab", "l1");
});
