/** What tests of a lab's services have in common: a plain exporter, and calls that are refused. */
import * as assert from "node:assert/strict";
import { type Channel, RpcError, type StatusName } from "@jumpstarter/lib/rpc";
import {
  type client as messages,
  ClientService,
  ControllerService,
  ExporterStatus,
  type Init,
  type ListenResponse,
  type StatusResponse,
} from "@jumpstarter/proto";
import type { Member, TestLab } from "./lab.ts";

/** The path of a lab's namespace. */
export const PARENT = "namespaces/lab";
const HOUR = { seconds: 3_600, nanos: 0 };

/** An exporter of our own making, connected as a Python one is. */
export class FakeExporter implements AsyncDisposable {
  readonly channel: Channel;
  readonly seen: StatusResponse[] = [];
  #ending = new AbortController();
  #following: Promise<void>;

  private constructor(channel: Channel) {
    this.channel = channel;
    this.#following = this.#follow();
  }

  static async start(lab: TestLab, member: Member): Promise<FakeExporter> {
    const channel = lab.connect(member);
    await channel.unary(ControllerService.register, {
      labels: { "jumpstarter.dev/name": member.name, other: "ignored" },
      reports: [{ uuid: "root", labels: { "jumpstarter.dev/client": "x" } }],
    });
    const exporter = new FakeExporter(channel);
    await exporter.report(ExporterStatus.AVAILABLE);
    return exporter;
  }

  async report(status: ExporterStatus): Promise<void> {
    await this.channel.unary(ControllerService.reportStatus, { status, message: "as told" });
  }

  listen(leaseName: string, signal: AbortSignal): AsyncGenerator<ListenResponse> {
    return this.channel.serverStream(ControllerService.listen, { leaseName }, { signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#following;
    this.channel[Symbol.dispose]();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ending;
    try {
      const stream = this.channel.serverStream(ControllerService.status, {}, { signal });
      for await (const message of stream) this.seen.push(message);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** Asks for a lease of an hour. */
export function create(
  channel: Channel,
  lease: Init<messages.Lease>,
  more: { parent?: string; leaseId?: string } = {},
): Promise<messages.Lease> {
  const request = { parent: PARENT, lease: { duration: HOUR, ...lease }, ...more };
  return channel.unary(ClientService.createLease, request);
}

/** Expects a call to be refused with a status and a text. */
export async function refused(
  call: Promise<unknown> | AsyncIterable<unknown>,
  status: StatusName,
  details: RegExp,
): Promise<void> {
  const running = "then" in call ? call : (async () => {
    for await (const _ of call);
  })();
  await assert.rejects(running, (error) => {
    assert.ok(error instanceof Error);
    const refusal = error instanceof RpcError ? error : error.cause;
    assert.ok(refusal instanceof RpcError, String(error));
    assert.equal(refusal.status, status, refusal.details);
    assert.match(refusal.details, details);
    return true;
  });
}

/** The bare name at the end of a path. */
export const bare = (path: string): string => path.split("/").at(-1)!;
