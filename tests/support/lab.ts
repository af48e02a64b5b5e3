/** A controller with its router in this process, and what it takes to be its client or exporter. */
import { Channel } from "@jumpstarter/lib/rpc";
import {
  type ControllerOptions,
  type RunningController,
  serveController,
} from "@jumpstarter/controller/services";
import type { Client, Exporter, Store } from "@jumpstarter/controller/store";
import { stringify } from "yaml";
import { types } from "./exporter_file.ts";
import { tempDir } from "./programs.ts";
import { until } from "./running.ts";

const NAMESPACE = "lab";
const ANY_PORT = { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const;

/** One who has a token of a lab. */
export interface Member {
  readonly name: string;
  readonly kind: "Client" | "Exporter";
  readonly token: string;
}

/** A lab in a folder of its own. */
export class TestLab implements AsyncDisposable {
  /** What the controller said, one line a record. */
  readonly log: string[] = [];
  readonly dir: string;
  #controller: RunningController | undefined;
  #options: Partial<ControllerOptions>;
  #folder: AsyncDisposable;

  private constructor(
    folder: AsyncDisposable & { path: string },
    options: Partial<ControllerOptions>,
  ) {
    this.dir = folder.path;
    this.#folder = folder;
    this.#options = options;
  }

  /** Starts one. */
  static async start(options: Partial<ControllerOptions> = {}): Promise<TestLab> {
    const lab = new TestLab(await tempDir(), options);
    await lab.restart();
    return lab;
  }

  /** The controller that runs now. */
  get controller(): RunningController {
    return this.#controller!;
  }

  get store(): Store {
    return this.controller.store;
  }

  /** Ends the controller, and starts it again on the same ports. */
  async restart(): Promise<void> {
    const [at, routerAt] = [this.#controller?.endpoint, this.#controller?.routerEndpoint]
      .map((endpoint) => ({ ...ANY_PORT, port: Number(endpoint?.split(":")[1] ?? 0) }));
    await this.#controller?.[Symbol.asyncDispose]();
    this.#controller = await serveController({
      data: `${this.dir}/data`,
      listen: at!,
      routerListen: routerAt!,
      host: "127.0.0.1",
      namespace: NAMESPACE,
      log: (severity, message, fields) => {
        this.log.push(`${severity} ${message} ${JSON.stringify(fields)}`);
      },
      ...this.#options,
    });
  }

  /** Makes a client, and waits for its token. */
  async client(name: string, labels: Record<string, string> = {}): Promise<Member> {
    await this.store.clients.create({ metadata: { namespace: NAMESPACE, name, labels }, spec: {} });
    return await this.#member("Client", name);
  }

  /** Makes an exporter, and waits for its token. */
  async exporter(name: string, labels: Record<string, string> = {}): Promise<Member> {
    const metadata = { namespace: NAMESPACE, name, labels };
    await this.store.exporters.create({ metadata, spec: {} });
    return await this.#member("Exporter", name);
  }

  /** The state of an exporter. */
  async exporterState(name: string): Promise<NonNullable<Exporter["status"]>> {
    return (await this.store.exporters.get(NAMESPACE, name)).status ?? {};
  }

  /** Waits until an exporter does something. */
  async exporterIs(name: string, status: string): Promise<void> {
    await until(
      `${name} is ${status}`,
      async () => (await this.exporterState(name)).exporterStatus === status,
    );
  }

  /** The token that is good now. */
  async tokenOf(kind: Member["kind"], name: string): Promise<string> {
    const secret = await this.store.secrets.get(NAMESPACE, `${name}-${kind.toLowerCase()}`);
    return new TextDecoder().decode(Uint8Array.fromBase64(secret.data!.token!));
  }

  /** Writes a member's file as programs take it; its path. */
  async write({ name, kind, token }: Member, more: Record<string, unknown> = {}): Promise<string> {
    const path = `${this.dir}/${name}.yaml`;
    const { endpoint, identity } = this.controller;
    const own = kind === "Client"
      ? { drivers: { allow: [], unsafe: true } }
      : { export: { power: { type: types.power } } };
    const file = {
      apiVersion: "jumpstarter.dev/v1alpha1",
      kind: `${kind}Config`,
      metadata: { namespace: NAMESPACE, name },
      endpoint,
      tls: { ca: new TextEncoder().encode(identity.ca).toBase64(), insecure: false },
      token,
      ...own,
      ...more,
    };
    await Deno.writeTextFile(path, stringify(file));
    return path;
  }

  /** A channel to the controller, whose calls are a member's. */
  connect({ name, kind, token }: Member, metadata: Record<string, string> = {}): Channel {
    const [hostname = "", port] = this.controller.endpoint.split(":");
    return new Channel({ kind: "tcp", hostname, port: Number(port) }, {
      tls: { ca: this.controller.identity.ca },
      metadata: {
        authorization: `Bearer ${token}`,
        "jumpstarter-namespace": NAMESPACE,
        "jumpstarter-kind": kind,
        "jumpstarter-name": name,
        ...metadata,
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#controller?.[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }

  async #member(kind: Member["kind"], name: string): Promise<Member> {
    const objects = kind === "Client" ? this.store.clients : this.store.exporters;
    await until(`${name} has a token`, async () => {
      const { status } = await objects.get(NAMESPACE, name) as Client | Exporter;
      return status?.credential !== undefined;
    });
    return { name, kind, token: await this.tokenOf(kind, name) };
  }
}
