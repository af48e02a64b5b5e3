/**
 * Measures a controller in a process of its own: `deno run -A tests/bench/controller.ts [EXPORTERS]`.
 * What was measured for the Go service on a real API server stands beside it: it is not measured here.
 */
import type { Channel } from "@jumpstarter/lib/rpc";
import { ClientService, ControllerService, ExporterStatus } from "@jumpstarter/proto";
import { ControllerProcess } from "../support/controller.ts";
import type { Member } from "../support/lab.ts";
import { residentMemory } from "../support/running.ts";

const PARENT = "namespaces/lab";
const CLOCK_TICKS = 100;
const ROUNDS = 500;
const IDLE = 200;
/** How long idle exporters are watched, milliseconds. */
const IDLE_TIME = 30_000;
/** How long they are left alone before that, milliseconds: V8 tidies up for half a minute. */
const SETTLE_TIME = 35_000;
const MANY = Number(Deno.args[0] ?? 5_000);
const WAITING = 500;
/** Requests to the administration at a time. */
const AT_ONCE = 20;
const duration = { seconds: 3_600, nanos: 0 };

/** Prints a figure, and that of the Go service where one is known. */
function tell(what: string, value: number, unit: string, theirs = ""): void {
  const shown = value.toFixed(value < 10 ? 2 : 0);
  console.log(`${what.padEnd(52)}${shown.padStart(9)} ${unit.padEnd(12)} ${theirs}`.trimEnd());
}

function tellTimes(what: string, times: number[], theirs = ""): void {
  times.sort((a, b) => a - b);
  tell(`${what}, p50`, times[times.length >> 1]!, "ms", theirs);
  tell(`${what}, p99`, times[Math.floor(times.length * 0.99)]!, "ms", theirs);
}

/** Seconds of CPU that the controller has used. */
async function cpuOf({ running: { pid } }: ControllerProcess): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  return (Number(user) + Number(system)) / CLOCK_TICKS;
}

/** Bytes that the controller has had written to disk. */
async function writtenBy({ running: { pid } }: ControllerProcess): Promise<number> {
  const [, bytes] = /^write_bytes: (\d+)$/m.exec(await Deno.readTextFile(`/proc/${pid}/io`))!;
  return Number(bytes);
}

/** An exporter that is there, and does nothing. */
class Exporter implements Disposable {
  readonly channel: Channel;
  readonly #ending = new AbortController();
  /** Called with the lease that it is told of. */
  onLease: (name: string | undefined) => void = () => {};

  private constructor(channel: Channel) {
    this.channel = channel;
  }

  static async connect(controller: ControllerProcess, member: Member): Promise<Exporter> {
    const exporter = new Exporter(controller.connect(member));
    const { channel } = exporter;
    await channel.unary(ControllerService.register, { reports: [{ uuid: "root", labels: {} }] });
    const status = ExporterStatus.AVAILABLE;
    await channel.unary(ControllerService.reportStatus, { status, message: "" });
    void exporter.#follow();
    return exporter;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ending;
    const told = this.channel.serverStream(ControllerService.status, {}, { signal });
    try {
      for await (const { leaseName } of told) this.onLease(leaseName);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#ending.abort();
    this.channel[Symbol.dispose]();
  }
}

/** Does something for each, some at a time. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const item of left) await work(item);
  }));
}

async function exporters(
  controller: ControllerProcess,
  prefix: string,
  count: number,
  board: string,
): Promise<Exporter[]> {
  const connected: Exporter[] = [];
  const names = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  await forEach(names, async (name) => {
    const member = await controller.member("Exporter", name, { board });
    connected.push(await Exporter.connect(controller, member));
  });
  return connected;
}

const create = (client: Channel, board: string) =>
  client.unary(ClientService.createLease, {
    parent: PARENT,
    lease: { selector: `board=${board}`, duration },
  });
const release = (client: Channel, name: string) =>
  client.unary(ClientService.deleteLease, { name });

async function measureGrants(client: Channel, what: string, theirs = ""): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const { name, exporter } = await create(client, "one");
    times.push(performance.now() - began);
    if (exporter === undefined) throw new Error("the exporter is not free");
    await release(client, name);
  }
  tellTimes(what, times.slice(ROUNDS / 10), theirs);
}

async function measureHandOver(client: Channel, exporter: Exporter): Promise<void> {
  const times: number[] = [];
  let { name: holding } = await create(client, "one");
  for (let round = 0; round < ROUNDS; round++) {
    const { name: waiting } = await create(client, "one");
    const told = Promise.withResolvers<void>();
    exporter.onLease = (name) => name === waiting.split("/").at(-1) && told.resolve();
    const began = performance.now();
    await Promise.all([release(client, holding), told.promise]);
    times.push(performance.now() - began);
    holding = waiting;
  }
  await release(client, holding);
  tellTimes("release until the next holder's exporter is told", times.slice(ROUNDS / 10));
}

async function measureIdle(controller: ControllerProcess, what: string): Promise<void> {
  // What connecting left to be done is no idleness.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_TIME));
  const [cpu, written] = [await cpuOf(controller), await writtenBy(controller)];
  await new Promise((resolve) => setTimeout(resolve, IDLE_TIME));
  const share = (await cpuOf(controller) - cpu) / (IDLE_TIME / 1_000);
  const theirs = what.startsWith("200 ") ? "10, and 43 in API server and etcd" : "";
  tell(`${what}, CPU`, 100 * share, "% of a core", theirs);
  tell(`${what}, written to disk`, await writtenBy(controller) - written, "bytes");
}

await using controller = await ControllerProcess.start("--log-level", "ERROR");
console.log(`${"".padEnd(65)}              Go service, measured elsewhere`);
using client = controller.connect(await controller.member("Client", "c1"));
const [one] = await exporters(controller, "one-", 1, "one");
await measureGrants(client, "lease grant", "24-38");
await measureHandOver(client, one!);
const idle = await exporters(controller, "idle-", IDLE, "idle");
await measureIdle(controller, `${IDLE} idle exporters`);
tell(
  `${IDLE} idle exporters, memory`,
  await residentMemory(controller.running.pid) / 2 ** 20,
  "MiB",
  "110",
);
const before = await residentMemory(controller.running.pid);
idle.push(...await exporters(controller, "many-", MANY - IDLE, "idle"));
const each = (await residentMemory(controller.running.pid) - before) / (MANY - IDLE);
tell(`${MANY} idle exporters, memory of each`, each / 1_000, "kB");
const waiting = Array.from({ length: WAITING }, () => "waiting");
const busy = await exporters(controller, "busy-", 1, "waiting");
await forEach(waiting, async (board) => void await create(client, board));
await measureIdle(controller, `${MANY} idle exporters, ${WAITING} waiting leases`);
await measureGrants(client, `lease grant, ${MANY} exporters, ${WAITING} waiting`);
for (const exporter of [one!, ...busy, ...idle]) exporter[Symbol.dispose]();
