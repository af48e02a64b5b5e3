/** The administration API over a store in memory, asked without a network. */
import { apiHandler, type ApiOptions } from "@jumpstarter/controller/api";
import { openSqliteStore, type SqliteOptions, type Store } from "@jumpstarter/controller/store";

/** The administrator's token of tests. */
export const TOKEN = "the-token-of-an-administrator";
/** Where the objects of our group are. */
export const OURS = "/apis/jumpstarter.dev/v1alpha1/namespaces/lab";
/** Where Secrets and ConfigMaps are. */
export const CORE = "/api/v1/namespaces/lab";

/** What tests look at in answers, however deep. */
export interface Json {
  // deno-lint-ignore no-explicit-any -- an answer may have any shape; tests say which they expect
  [name: string]: any;
}

/** An answer. */
export interface Answer {
  readonly code: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** What {@linkcode TestApi.ask} takes. */
export interface Asked {
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
}

/** An API with a store of its own. */
export class TestApi implements AsyncDisposable {
  readonly store: Store;
  /** What nobody foresaw. */
  readonly faults: unknown[] = [];
  readonly handle: (request: Request) => Promise<Response>;
  #closing = new AbortController();

  private constructor(store: Store, options: Partial<ApiOptions>) {
    this.store = store;
    this.handle = apiHandler({
      store,
      token: TOKEN,
      onFault: (error) => this.faults.push(error),
      closing: this.#closing.signal,
      ...options,
    });
  }

  static async open(
    { store = {}, ...options }: Partial<Omit<ApiOptions, "store">> & { store?: SqliteOptions } = {},
  ): Promise<TestApi> {
    return new TestApi(await openSqliteStore(":memory:", store), options);
  }

  /** Sends a request as the administrator. */
  send(method: string, path: string, { body, type, accept }: Asked = {}): Promise<Response> {
    const headers = new Headers({ authorization: `Bearer ${TOKEN}` });
    if (accept !== undefined) headers.set("accept", accept);
    if (body !== undefined) headers.set("content-type", type ?? "application/json");
    const text = body === undefined || typeof body === "string" || body instanceof Uint8Array
      ? body as BodyInit | undefined
      : JSON.stringify(body);
    const init = { method, headers, ...(text === undefined ? {} : { body: text }) };
    return this.handle(new Request(`https://lab.test${path}`, init));
  }

  /** Sends a request, and reads the answer. */
  async ask(method: string, path: string, asked: Asked = {}): Promise<Answer> {
    const response = await this.send(method, path, asked);
    return { code: response.status, headers: response.headers, body: await response.json() };
  }

  /** Ends watches. */
  close(): void {
    this.#closing.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.store[Symbol.asyncDispose]();
  }
}

/** An exporter to be created. */
export function exporter(name: string, labels: Record<string, string> = {}): Json {
  return {
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind: "Exporter",
    metadata: { name, labels },
    spec: {},
  };
}

/** The lines of a watch, read one by one. */
export async function* linesOf({ body }: Response): AsyncGenerator<Json> {
  let rest = "";
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}
