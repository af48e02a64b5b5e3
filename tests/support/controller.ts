/** `jmp-controller run` as a process of its own, administered over its API. */
import { Channel, type ChannelOptions, type Endpoint } from "@jumpstarter/lib/rpc";
import type { Member } from "./lab.ts";
import { controllerCommand, tempDir } from "./programs.ts";
import { type Running, start, until } from "./running.ts";

const NAMESPACE = "lab";
const GROUP = `/apis/jumpstarter.dev/v1alpha1/namespaces/${NAMESPACE}`;
const CORE = `/api/v1/namespaces/${NAMESPACE}`;
/** Free ports, which a restart takes again. */
const LISTENERS = ["listen", "router-listen", "admin-listen"] as const;

type Tcp = Endpoint & { kind: "tcp" };

// deno-lint-ignore no-explicit-any -- objects of any kind; tests say which they expect
type Json = any;

/** A controller in a folder, which can be killed and started again. */
export class ControllerProcess implements AsyncDisposable {
  /** Its folder. */
  readonly data: string;
  #folder: AsyncDisposable;
  #more: readonly string[];
  #running: Running | undefined;
  #ports: Record<string, string> = {};
  #http: Deno.HttpClient | undefined;
  #access: { server: string; token: string; ca: string } | undefined;

  private constructor(folder: AsyncDisposable & { path: string }, more: readonly string[]) {
    this.data = `${folder.path}/data`;
    this.#folder = folder;
    this.#more = more;
  }

  /** Starts one in an empty folder, with more words for its command line. */
  static async start(...more: string[]): Promise<ControllerProcess> {
    return await ControllerProcess.startIn(await tempDir(), ...more);
  }

  /** Starts one below a folder, which goes with it. */
  static async startIn(
    folder: AsyncDisposable & { path: string },
    ...more: string[]
  ): Promise<ControllerProcess> {
    const controller = new ControllerProcess(folder, more);
    try {
      await controller.restart();
    } catch (error) {
      await controller[Symbol.asyncDispose]();
      throw error;
    }
    return controller;
  }

  /** The process that runs now. */
  get running(): Running {
    return this.#running!;
  }

  /** Where clients and exporters are served. */
  get endpoint(): Tcp {
    return addressOf(this.#ports["listen"]!);
  }

  /** Where tunnels meet. */
  get routerEndpoint(): Tcp {
    return addressOf(this.#ports["router-listen"]!);
  }

  /** Where it is administered. */
  get adminEndpoint(): Tcp {
    return addressOf(this.#ports["admin-listen"]!);
  }

  /** The certificate to trust. */
  get ca(): string {
    return this.#access!.ca;
  }

  /** Ends the process with a signal, and waits until it has. */
  async end(signal: Deno.Signal): Promise<void> {
    this.#running?.kill(signal);
    await this.#running?.finished;
  }

  /** Starts it on its folder, on the same ports as before; it has to have ended. */
  async restart(): Promise<void> {
    const ports = LISTENERS.filter((name) => !this.#more.includes(`--${name}`))
      .flatMap((name) => [`--${name}`, this.#ports[name] ?? "127.0.0.1:0"]);
    this.#running = start(controllerCommand(
      ...["run", "--data", this.data, "--host", "127.0.0.1", "--namespace", NAMESPACE],
      ...ports,
      ...this.#more,
    ));
    await this.#running.shown(/^Next: /m);
    const kubeconfig = await Deno.readTextFile(`${this.data}/kubeconfig`);
    const [, server = ""] = /server: "?(https:[^"\s]+)/.exec(kubeconfig) ?? [];
    const { stdout } = this.#running;
    this.#ports = {
      "listen": /^Endpoint: (\S+)$/m.exec(stdout)![1]!,
      "router-listen": /^Router: +(\S+)/m.exec(stdout)![1]!,
      "admin-listen": server.slice("https://".length),
    };
    const ca = await Deno.readTextFile(/^CA: +(\S+)$/m.exec(stdout)![1]!);
    this.#access = { server, ca, token: await Deno.readTextFile(`${this.data}/admin-token`) };
    this.#http?.close();
    this.#http = Deno.createHttpClient({ caCerts: [ca] });
  }

  /** Asks its API as the administrator. */
  async ask(method: string, path: string, body?: unknown): Promise<{ code: number; body: Json }> {
    const { server, token } = this.#access!;
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const answer = await fetch(`${server}${path}`, {
      client: this.#http!,
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": type },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { code: answer.status, body: await answer.json() };
  }

  /** All objects of our own kinds with a plural name. */
  async list(plural: string): Promise<Json[]> {
    return (await this.#must("GET", `${GROUP}/${plural}`)).items;
  }

  /** One object. */
  async get(plural: string, name: string): Promise<Json> {
    return await this.#must("GET", `${GROUP}/${plural}/${name}`);
  }

  /** Makes a client or an exporter, and waits for its token. */
  async member(
    kind: Member["kind"],
    name: string,
    labels: Record<string, string> = {},
  ): Promise<Member> {
    const plural = `${kind.toLowerCase()}s`;
    await this.#must("POST", `${GROUP}/${plural}`, { metadata: { name, labels }, spec: {} });
    let secret: string | undefined;
    await until(`${name} has a credential`, async () => {
      secret = (await this.get(plural, name)).status?.credential?.name;
      return secret !== undefined;
    });
    const { data } = await this.#must("GET", `${CORE}/secrets/${secret}`);
    return { name, kind, token: new TextDecoder().decode(Uint8Array.fromBase64(data.token)) };
  }

  /** A channel whose calls are a member's. */
  connect({ name, kind, token }: Member, options: ChannelOptions = {}): Channel {
    return new Channel(this.endpoint, {
      tls: { ca: this.ca },
      metadata: {
        authorization: `Bearer ${token}`,
        "jumpstarter-namespace": NAMESPACE,
        "jumpstarter-kind": kind,
        "jumpstarter-name": name,
      },
      ...options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http?.close();
    await this.#running?.[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }

  async #must(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await this.ask(method, path, body);
    if (answer.code < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.code} ${answer.body.message}`);
  }
}

function addressOf(text: string): Tcp {
  const at = text.lastIndexOf(":");
  return { kind: "tcp", hostname: text.slice(0, at), port: Number(text.slice(at + 1)) };
}
