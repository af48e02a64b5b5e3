/** Clients and exporters that are busy with a controller, seeded. */
import { type Channel, RpcError } from "@jumpstarter/lib/rpc";
import { ClientService, ControllerService, ExporterStatus } from "@jumpstarter/proto";
import type { Random } from "../model/random.ts";
import type { ControllerProcess } from "../support/controller.ts";
import type { Member } from "../support/lab.ts";
import type { Change, LeaseLedger, Outcome } from "./lease_ledger.ts";

const PARENT = "namespaces/lab";
/** How long a call may take, milliseconds. */
const TIMEOUT = 10_000;
/** Leases that a client has at most. */
const MAX_LEASES = 4;
/** How long who was not answered waits before the next try, milliseconds. */
const BACKOFF = 20;

/** Says that no answer came, not that it was refused. */
const LOST = ["UNAVAILABLE", "CANCELLED", "DEADLINE_EXCEEDED", "INTERNAL"];

/** An exporter as programs are: registers, says how it is, and follows its status. */
export async function beExporter(
  controller: ControllerProcess,
  member: Member,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    using channel = controller.connect(member);
    try {
      await follow(channel, signal);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, BACKOFF));
    }
  }
}

async function follow(channel: Channel, signal: AbortSignal): Promise<void> {
  const options = { timeout: TIMEOUT, signal };
  const report = (status: ExporterStatus) =>
    channel.unary(ControllerService.reportStatus, { status, message: "" }, options);
  const reports = [{ uuid: "root", labels: {} }];
  await channel.unary(ControllerService.register, { labels: {}, reports }, options);
  await report(ExporterStatus.AVAILABLE);
  let lease: string | undefined;
  for await (const told of channel.serverStream(ControllerService.status, {}, { signal })) {
    const current = told.leased ? told.leaseName : undefined;
    if (current === lease) continue;
    lease = current;
    await report(lease === undefined ? ExporterStatus.AVAILABLE : ExporterStatus.LEASE_READY);
  }
}

/** A client that asks for one thing after the other, and writes down what it is told. */
export class BusyClient {
  readonly #name: string;
  readonly #channel: Channel;
  readonly #random: Random;
  readonly #ledger: LeaseLedger;
  #made = 0;

  constructor(channel: Channel, name: string, random: Random, ledger: LeaseLedger) {
    this.#channel = channel;
    this.#name = name;
    this.#random = random;
    this.#ledger = ledger;
  }

  /** Asks for things until an answer does not arrive; calls back with each answer. */
  async work(others: readonly string[], answered: () => void): Promise<void> {
    for (;;) {
      const [name, change] = this.#choose(others);
      const outcome = await this.#ask(name, change);
      this.#ledger.note(name, change, outcome);
      if (outcome === "lost") return;
      answered();
    }
  }

  #choose(others: readonly string[]): [string, Change] {
    const mine = this.#ledger.leasesOf(this.#name);
    const random = this.#random;
    if (mine.length < MAX_LEASES && (mine.length === 0 || random.chance(0.4))) {
      const seconds = 3_600 + random.below(3_600);
      return [
        `${this.#name}-${this.#made++}-${random.below(1e9)}`,
        { what: "create", client: this.#name, seconds },
      ];
    }
    const name = random.pick(mine);
    const changes: readonly Change[] = [
      { what: "extend", seconds: 7_200 + random.below(3_600) },
      { what: "transfer", client: random.pick(others) },
      { what: "release" },
    ];
    return [name, random.pick(changes)];
  }

  async #ask(leaseId: string, change: Change): Promise<Outcome> {
    const name = `${PARENT}/leases/${leaseId}`;
    const options = { timeout: TIMEOUT };
    const update = (lease: Record<string, unknown>) =>
      this.#channel.unary(ClientService.updateLease, { lease: { name, ...lease } }, options);
    const duration = (seconds: number) => ({ duration: { seconds, nanos: 0 } });
    try {
      if (change.what === "create") {
        const lease = { selector: "board=x", ...duration(change.seconds) };
        const request = { parent: PARENT, leaseId, lease };
        await this.#channel.unary(ClientService.createLease, request, options);
      } else if (change.what === "extend") await update(duration(change.seconds));
      else if (change.what === "transfer") {
        await update({ client: `${PARENT}/clients/${change.client}` });
      } else await this.#channel.unary(ClientService.deleteLease, { name }, options);
      return "done";
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return LOST.includes(error.status) ? "lost" : "refused";
    }
  }
}
