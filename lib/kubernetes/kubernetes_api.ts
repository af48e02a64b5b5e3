import { setTimeout as delay } from "node:timers/promises";
import { ConnectionError, JumpstarterError, UsageError } from "../errors.ts";
import { linesOf, textOf } from "./answer_text.ts";
import type { Cluster } from "./kubeconfig.ts";
import { KubernetesError, refusal } from "./kubernetes_error.ts";
import type { KubernetesObject, ObjectChange, ObjectList } from "./kubernetes_object.ts";
import { type Answer, openTransport, type Transport } from "./transport.ts";
import { whyNot } from "./why_not.ts";

/** The resources that are in no group. */
const CORE = ["secrets", "configmaps", "events"];
const GROUP = "/apis/jumpstarter.dev/v1alpha1";
/** How long an answer may take, milliseconds. */
const TIMEOUT = 30_000;
/** How long a server is asked to tell of changes at a time, seconds. */
const WATCH_TIME = 300;
/** The shortest time from one such request to the next, milliseconds. */
const WATCH_PAUSE = 100;
/** What names look like. Others could lead a path elsewhere: "." to all objects of a kind. */
const NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** A Kubernetes API, of a cluster or of `jmp-controller`, as far as administration asks for it. */
export class KubernetesApi implements Disposable {
  /** The namespace that is asked about. */
  readonly namespace: string;
  readonly #cluster: Cluster;
  readonly #signal: AbortSignal;
  readonly #transport: Transport;

  private constructor(
    cluster: Cluster,
    namespace: string,
    signal: AbortSignal,
    transport: Transport,
  ) {
    this.#cluster = cluster;
    this.namespace = namespace;
    this.#signal = signal;
    this.#transport = transport;
  }

  /**
   * Gets ready to ask; nothing is sent yet. `signal` gives up whatever is under way.
   *
   * @throws {UsageError} when the namespace cannot be one
   * @throws {ConfigError} when the certificates cannot be used
   */
  static async open(
    cluster: Cluster,
    namespace: string,
    signal: AbortSignal,
  ): Promise<KubernetesApi> {
    checkName(namespace, "namespace");
    return new KubernetesApi(cluster, namespace, signal, await openTransport(cluster));
  }

  /**
   * One object.
   *
   * @throws {KubernetesError} what the server refuses
   * @throws {ConnectionError} when it does not answer
   * @throws {UsageError} when the name cannot be one
   */
  async get(plural: string, name: string): Promise<KubernetesObject> {
    return await this.#ask("GET", this.#path(plural, name));
  }

  /** One object; `undefined` when there is none. Fails like {@linkcode get}. */
  async find(plural: string, name: string): Promise<KubernetesObject | undefined> {
    try {
      return await this.get(plural, name);
    } catch (error) {
      if (error instanceof KubernetesError && error.httpStatus === 404) return undefined;
      throw error;
    }
  }

  /**
   * All objects of the namespace, or those whose fields have these values. Fails like
   * {@linkcode get}.
   */
  async list(
    plural: string,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<ObjectList> {
    const query = new URLSearchParams(selecting(fields));
    return await this.#list(`${this.#path(plural)}?${query}`.replace(/\?$/, ""));
  }

  /** Makes an object. Fails like {@linkcode get}. */
  async create(plural: string, object: KubernetesObject): Promise<KubernetesObject> {
    checkName(object.metadata.name, "name");
    return await this.#ask("POST", this.#path(plural), object);
  }

  /** Deletes an object. Fails like {@linkcode get}. */
  async delete(plural: string, name: string): Promise<void> {
    await this.#ask("DELETE", this.#path(plural, name));
  }

  /**
   * What happens to objects from a version of their list on, without end, or to those whose fields have
   * these values. Fails like {@linkcode get}.
   */
  async *follow(
    plural: string,
    version: string,
    fields: Readonly<Record<string, string>> = {},
  ): AsyncGenerator<ObjectChange> {
    const path = this.#path(plural);
    const only = selecting(fields);
    for (;;) {
      const next = performance.now() + WATCH_PAUSE;
      try {
        for await (const { type, object } of this.#watch(path, version, only)) {
          version = object.metadata.resourceVersion ?? version;
          if (type !== "BOOKMARK") yield { type: type as ObjectChange["type"], object };
        }
      } catch (error) {
        if (!(error instanceof KubernetesError && error.httpStatus === 410)) throw error;
        // The server has forgotten what happened since. What there is now tells most of it.
        const list = await this.#list(`${path}?${new URLSearchParams(only)}`);
        version = list.resourceVersion;
        for (const object of list.items) yield { type: "MODIFIED", object };
      }
      await delay(Math.max(0, next - performance.now()), undefined, { signal: this.#signal });
    }
  }

  /** Closes its connections. */
  [Symbol.dispose](): void {
    this.#transport[Symbol.dispose]();
  }

  #path(plural: string, name?: string): string {
    const base = CORE.includes(plural) ? "/api/v1" : GROUP;
    const path = `${base}/namespaces/${this.namespace}/${plural}`;
    if (name === undefined) return path;
    checkName(name, "name");
    return `${path}/${name}`;
  }

  async #list(path: string): Promise<ObjectList> {
    const { items, metadata } = await this.#ask("GET", path);
    if (!Array.isArray(items)) throw this.#unlike("a list");
    return { items, resourceVersion: metadata?.resourceVersion ?? "" };
  }

  async *#watch(
    path: string,
    resourceVersion: string,
    only: Readonly<Record<string, string>>,
  ): AsyncGenerator<{ type: string; object: KubernetesObject }> {
    const query = new URLSearchParams({
      watch: "true",
      allowWatchBookmarks: "true",
      timeoutSeconds: `${WATCH_TIME}`,
      resourceVersion,
      ...only,
    });
    const { body } = await this.#send("GET", `${path}?${query}`, WATCH_TIME * 1_000 + TIMEOUT);
    try {
      for await (const line of linesOf(body)) {
        const { type, object } = Object(parse(line));
        if (type === "ERROR") throw refusal(object, 500);
        if (typeof type !== "string" || !object?.metadata) throw this.#unlike("a change");
        yield { type, object };
      }
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  async #ask(method: string, path: string, body?: unknown): Promise<KubernetesObject> {
    const answer = await this.#send(method, path, TIMEOUT, body);
    const value = parse(await this.#text(answer));
    if (typeof value !== "object" || value === null) throw this.#unlike("an object");
    return value as KubernetesObject;
  }

  /** Sends a request that a server takes; all of the answer has to come within so many milliseconds. */
  async #send(method: string, path: string, time: number, body?: unknown): Promise<Answer> {
    const { server, token, file } = this.#cluster;
    let answer: Answer;
    try {
      answer = await this.#transport.send(`${server}${path}`, {
        method,
        headers: {
          accept: "application/json",
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(time)]),
      });
    } catch (cause) {
      throw this.#failure(cause);
    }
    if (answer.status < 300) return answer;
    const error = refusal(parse(await this.#text(answer)), answer.status);
    if (answer.status !== 401) throw error;
    error.message += `; the credential in ${file} is not taken`;
    throw error;
  }

  async #text({ body }: Answer): Promise<string> {
    try {
      return await textOf(body);
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  /** What a failed request is to the caller. */
  #failure(cause: unknown): unknown {
    if (this.#signal.aborted) return this.#signal.reason;
    if (cause instanceof JumpstarterError) return cause;
    return new ConnectionError(`cannot reach ${this.#cluster.server}: ${whyNot(cause)}`, { cause });
  }

  #unlike(what: string): ConnectionError {
    return new ConnectionError(
      `${this.#cluster.server} is no Kubernetes API: its answer is not ${what}`,
    );
  }
}

/** The parameter that asks for objects whose fields have these values. */
function selecting(fields: Readonly<Record<string, string>>): Record<string, string> {
  const terms = Object.entries(fields).map(([name, value]) =>
    `${name}=${value.replace(/[\\,=]/g, "\\$&")}`
  );
  return terms.length === 0 ? {} : { fieldSelector: terms.join(",") };
}

function checkName(name: string, what: string): void {
  if (NAME.test(name)) return;
  throw new UsageError(
    `"${name}" cannot be a ${what}: write letters, digits, "-" and ".", such as bench-07`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
