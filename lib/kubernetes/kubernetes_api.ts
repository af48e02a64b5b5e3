import { ConnectionError, JumpstarterError } from "../errors.ts";
import type { Cluster } from "./kubeconfig.ts";

/** An object as a Kubernetes API shows it. */
export interface KubernetesObject {
  /** The group and version of its kind. */
  readonly apiVersion?: string;
  /** Its kind. */
  readonly kind?: string;
  /** Name, namespace, version, labels. */
  readonly metadata: {
    /** Its name. */
    readonly name: string;
    /** The namespace it is in. */
    readonly namespace?: string;
    /** By which it is found. */
    readonly labels?: Readonly<Record<string, string>>;
    /** When it was made. */
    readonly creationTimestamp?: string;
    /** Which version of it this is. */
    readonly resourceVersion?: string;
    /** Whatever else a server sends. */
    readonly [name: string]: unknown;
  };
  /** What its kind has besides. */
  readonly [name: string]: unknown;
}

/** What a Kubernetes API refuses, in its own words. */
export class KubernetesError extends JumpstarterError {
  /** The HTTP status. */
  readonly httpStatus: number;
  /** Its reason, such as `NotFound`. */
  readonly reason: string;

  constructor(httpStatus: number, reason: string, message: string) {
    super("kubernetes", `Error from server (${reason}): ${message}`);
    this.httpStatus = httpStatus;
    this.reason = reason;
  }
}

/** The resources that are in no group. */
const CORE = ["secrets", "configmaps", "events"];
const GROUP = "/apis/jumpstarter.dev/v1alpha1";
/** How long an answer may take, milliseconds. */
const TIMEOUT = 30_000;
/** The largest answer that is read, bytes. */
const MAX_ANSWER = 64 * 1024 * 1024;

/** A Kubernetes API, of a cluster or of `jmp-controller`, as far as administration asks for it. */
export class KubernetesApi implements Disposable {
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #signal: AbortSignal | undefined;
  readonly #client: Deno.HttpClient;

  /** @param signal gives up whatever is under way */
  constructor(cluster: Cluster, namespace: string, signal?: AbortSignal) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#signal = signal;
    const { ca, identity } = cluster;
    this.#client = Deno.createHttpClient({
      ...(ca === undefined ? {} : { caCerts: [ca] }),
      ...identity,
    });
  }

  /** The namespace that is asked about. */
  get namespace(): string {
    return this.#namespace;
  }

  /** One object. */
  get(plural: string, name: string): Promise<KubernetesObject> {
    return this.#ask("GET", this.#path(plural, name));
  }

  /** One object; `undefined` when there is none. */
  async find(plural: string, name: string): Promise<KubernetesObject | undefined> {
    try {
      return await this.get(plural, name);
    } catch (error) {
      if (error instanceof KubernetesError && error.httpStatus === 404) return undefined;
      throw error;
    }
  }

  /** All objects of the namespace, and the version of the list. */
  async list(
    plural: string,
    query: Readonly<Record<string, string>> = {},
  ): Promise<{ items: readonly KubernetesObject[]; resourceVersion: string }> {
    const list = await this.#ask("GET", `${this.#path(plural)}${queryOf(query)}`);
    const items = list.items;
    if (!Array.isArray(items)) throw new ConnectionError("the answer of the server is no list");
    return { items, resourceVersion: list.metadata?.resourceVersion ?? "" };
  }

  /** Makes an object. */
  create(plural: string, object: KubernetesObject): Promise<KubernetesObject> {
    return this.#ask("POST", this.#path(plural), object);
  }

  /** Deletes an object. */
  async delete(plural: string, name: string): Promise<void> {
    await this.#ask("DELETE", this.#path(plural, name));
  }

  /** Closes its connections. */
  [Symbol.dispose](): void {
    this.#client.close();
  }

  #path(plural: string, name?: string): string {
    const group = CORE.includes(plural) ? "/api/v1" : GROUP;
    const path = `${group}/namespaces/${encodeURIComponent(this.#namespace)}/${plural}`;
    return name === undefined ? path : `${path}/${encodeURIComponent(name)}`;
  }

  async #ask(method: string, path: string, body?: unknown): Promise<KubernetesObject> {
    const { server, token } = this.#cluster;
    const late = AbortSignal.timeout(TIMEOUT);
    const signal = this.#signal === undefined ? late : AbortSignal.any([this.#signal, late]);
    let status: number;
    let text: string;
    try {
      const answer = await fetch(`${server}${path}`, {
        client: this.#client,
        method,
        redirect: "error",
        signal,
        headers: {
          accept: "application/json",
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      status = answer.status;
      text = await bounded(answer);
    } catch (cause) {
      this.#signal?.throwIfAborted();
      throw new ConnectionError(`cannot reach ${server}: ${whyNot(cause)}`, { cause });
    }
    const value = parse(text);
    if (status < 300 && value !== undefined) return value;
    const { reason = `HTTP ${status}`, message = "the answer is not JSON" } = (value ?? {}) as {
      reason?: string;
      message?: string;
    };
    throw new KubernetesError(status, reason, message);
  }
}

function queryOf(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === "" ? "" : `?${text}`;
}

async function bounded({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ["", 0];
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new Error(`its answer is larger than ${MAX_ANSWER} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string): KubernetesObject | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What fetch hides behind "error sending request for url (…)". */
function whyNot(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === "TimeoutError") return `no answer within ${TIMEOUT / 1_000} s`;
  const inner = cause instanceof Error ? cause.message : message;
  const [, reason = inner] = /^client error \([^)]*\): (.*)$/s.exec(inner) ?? [];
  return /invalid peer certificate/.test(reason)
    ? `its certificate is not trusted (${reason})`
    : reason;
}
