/** A lease whose tunnels tests dial themselves. */
import assert from "node:assert/strict";
import type { Channel } from "@jumpstarter/lib/rpc";
import type { ByteStream } from "@jumpstarter/lib/streams";
import type { TunnelTicket } from "@jumpstarter/lib/tunnel";
import { ClientService, ControllerService, ExporterStatus } from "@jumpstarter/proto";
import type { ControllerProcess } from "./controller.ts";
import { until, within } from "./running.ts";

const PARENT = "namespaces/lab";
const SOON = 20_000;

/** An exporter that has a lease, and hands over the tickets of those who dial. */
export class Leased implements Disposable {
  readonly lease: string;
  readonly #client: Channel;
  readonly #exporter: Channel;
  readonly #ending = new AbortController();

  private constructor(lease: string, client: Channel, exporter: Channel) {
    this.lease = lease;
    this.#client = client;
    this.#exporter = exporter;
  }

  /** Makes exporter, client and lease. */
  static async open(controller: ControllerProcess): Promise<Leased> {
    const exporter = controller.connect(
      await controller.member("Exporter", "e1", { board: "x" }),
    );
    const client = controller.connect(await controller.member("Client", "c1"));
    const reports = [{ uuid: "root", labels: {} }];
    await exporter.unary(ControllerService.register, { labels: {}, reports });
    const status = ExporterStatus.AVAILABLE;
    await exporter.unary(ControllerService.reportStatus, { status, message: "" });
    const duration = { seconds: 3_600, nanos: 0 };
    const { name } = await client.unary(ClientService.createLease, {
      parent: PARENT,
      lease: { selector: "board=x", duration },
    });
    const ready = ExporterStatus.LEASE_READY;
    await exporter.unary(ControllerService.reportStatus, { status: ready, message: "" });
    return new Leased(name.split("/").at(-1)!, client, exporter);
  }

  /** What both ends of a new tunnel hold. */
  async dial(): Promise<TunnelTicket> {
    const { lease: leaseName } = this;
    const { signal } = this.#ending;
    const told = this.#exporter.serverStream(ControllerService.listen, { leaseName }, { signal });
    const next = told.next();
    next.catch(() => {});
    let dialled: TunnelTicket | undefined;
    let failure: unknown;
    await until("it is dialled", async () => {
      dialled = await this.#client.unary(ControllerService.dial, { leaseName }).catch((error) => {
        failure = error;
        return undefined;
      });
      return dialled !== undefined;
    }).catch((cause) => {
      throw new Error(`cannot dial: ${failure}`, { cause });
    });
    const ticket = (await next).value!;
    assert.equal(ticket.routerToken, dialled!.routerToken);
    return ticket;
  }

  /** Dials once. */
  async tryDial(): Promise<void> {
    await this.#client.unary(ControllerService.dial, { leaseName: this.lease });
  }

  async release(): Promise<void> {
    await this.#client.unary(ClientService.deleteLease, {
      name: `${PARENT}/leases/${this.lease}`,
    });
  }

  [Symbol.dispose](): void {
    this.#ending.abort();
    this.#client[Symbol.dispose]();
    this.#exporter[Symbol.dispose]();
  }
}

/** Sends bytes one way, and checks that they arrive. */
export async function carries(from: ByteStream, to: ByteStream): Promise<void> {
  const sent = crypto.getRandomValues(new Uint8Array(50_000));
  const arrived: number[] = [];
  const receiving = (async () => {
    while (arrived.length < sent.length) arrived.push(...(await to.read())!);
  })();
  await from.write(sent);
  await within(SOON, receiving);
  assert.deepEqual(Uint8Array.from(arrived), sent);
}
