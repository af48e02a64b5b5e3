import { decodeBase64, encodeBase64 } from "./base64.ts";
import {
  type InternalIssuer,
  type IssuedToken,
  type PrincipalKind,
  subjectOf,
} from "../auth/mod.ts";
import { decodeClaims } from "../auth/token.ts";
import type { EventRecorder } from "../events/mod.ts";
import { Following, type Log } from "../scheduler/mod.ts";
import {
  change,
  type Client,
  ConflictError,
  equal,
  type Exporter,
  NotFoundError,
  type Secret,
  type Store,
  StoreError,
} from "../store/mod.ts";
import { Chores } from "./chores.ts";
import { clientEvents } from "./client_events.ts";
import { clientState } from "./client_state.ts";
import type { TokenIds } from "./token_ids.ts";

/** What {@linkcode Credentials.open} takes. */
export interface CredentialsOptions {
  /** Where objects and their Secrets are kept. */
  readonly store: Store;
  /** The namespace. */
  readonly namespace: string;
  /** Makes tokens. */
  readonly issuer: InternalIssuer;
  /** Which tokens are good. */
  readonly ids: TokenIds;
  /** Where clients find the controller, `host:port`. */
  readonly endpoint: string;
  /** Tells what becomes of the tokens of clients. */
  readonly events: EventRecorder;
  /** Takes what there is to tell. */
  readonly log: Log;
}

/** On a Secret whose token was rotated: older tokens without an id are no longer good. */
const ROTATED = "jumpstarter.dev/token-rotated";
const DAY = 24 * 60 * 60 * 1_000;

/** Sees to it that every client and every exporter has a Secret with a token that is good. */
export class Credentials implements AsyncDisposable {
  readonly #options: CredentialsOptions;
  readonly #following = new Following();
  /** Objects whose Secret is to be looked at, `Client/NAME`. */
  readonly #chores = new Chores((key) => this.#attend(key));
  /** The uids of exporters whose Secret is as it has to be. */
  readonly #provided = new Map<string, string>();
  readonly #daily: ReturnType<typeof setInterval>;

  private constructor(options: CredentialsOptions) {
    this.#options = options;
    this.#daily = setInterval(() => void this.#lookAtAll(), DAY);
  }

  /** Looks at all that are there, and follows them from then on. */
  static async open(options: CredentialsOptions): Promise<Credentials> {
    await using stack = new AsyncDisposableStack();
    const credentials = stack.use(new Credentials(options));
    await credentials.#follow();
    stack.move();
    return credentials;
  }

  /** Rejects when clients, exporters and their Secrets can no longer be followed. */
  get failed(): Promise<never> {
    return this.#following.failed;
  }

  /** Makes a new token for an object; the one before is no longer good. */
  async rotate(kind: PrincipalKind, object: Client | Exporter): Promise<IssuedToken> {
    const { issuer, store: { secrets }, ids } = this.#options;
    const { namespace, name } = object.metadata;
    const issued = await issuer.issue(kind, object);
    await secrets.patch(namespace, secretName(kind, name), {
      metadata: { annotations: { [ROTATED]: "true" } },
      data: { token: encodeBase64(issued.token) },
    });
    ids.set(kind, name, issued.token, true);
    this.#lookAt(kind, name);
    return issued;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#daily);
    await this.#following[Symbol.asyncDispose]();
    await this.#chores[Symbol.asyncDispose]();
  }

  async #follow(): Promise<void> {
    const { store: { clients, exporters, secrets }, namespace } = this.#options;
    this.#following.add(secrets, { namespace }, {
      set: (secret) => this.#note(secret),
      delete: (name) => this.#forget(name),
    });
    this.#following.add(clients, { namespace }, {
      set: ({ metadata }) => this.#lookAt("Client", metadata.name),
      delete: () => {},
    });
    this.#following.add(exporters, { namespace }, {
      set: ({ metadata: { name, uid }, status }) => {
        // With every lease an exporter changes; its token does not.
        const isKnown = this.#provided.get(name) === uid;
        const isNamed = status?.credential?.name === secretName("Exporter", name);
        if (!isKnown || !isNamed) this.#lookAt("Exporter", name);
      },
      delete: (name) => this.#provided.delete(name),
    });
    await this.#following.ready();
    await this.#chores.done();
  }

  /** A Secret was written, by whomever. */
  #note({ metadata, data }: Secret): void {
    const owner = ownerOf(metadata.name);
    if (owner === undefined) return;
    const isRotated = metadata.annotations?.[ROTATED] !== undefined;
    this.#options.ids.set(...owner, decodeBase64(data?.token), isRotated);
    this.#lookAt(...owner);
  }

  #forget(secret: string): void {
    const owner = ownerOf(secret);
    if (owner === undefined) return;
    this.#options.ids.delete(...owner);
    this.#lookAt(...owner);
  }

  async #lookAtAll(): Promise<void> {
    const { store: { clients }, namespace, log } = this.#options;
    try {
      const { items } = await clients.list({ namespace });
      for (const { metadata: { name } } of items) this.#lookAt("Client", name);
    } catch (error) {
      log("ERROR", "cannot look at the tokens of clients", { error: String(error) });
    }
  }

  #lookAt(kind: PrincipalKind, name: string): void {
    this.#chores.add(`${kind}/${name}`);
  }

  async #attend(key: string): Promise<void> {
    const [kind, name] = key.split("/") as [PrincipalKind, string];
    try {
      await this.#provide(kind, name);
    } catch (error) {
      if (error instanceof NotFoundError) return; // gone in the meantime
      if (error instanceof ConflictError) return this.#chores.add(key);
      const facts = { kind, name, error: String(error) };
      this.#options.log("ERROR", "cannot provide the credentials of an object", facts);
    }
  }

  async #provide(kind: PrincipalKind, name: string): Promise<void> {
    const { store, namespace, endpoint, events } = this.#options;
    const object = kind === "Client"
      ? await store.clients.get(namespace, name)
      : await store.exporters.get(namespace, name);
    const expires = await this.#provideToken(kind, object);
    const credential = { name: secretName(kind, name) };
    if (kind === "Exporter") {
      await change(store.exporters, namespace, name, (exporter) => {
        if (exporter.status?.credential?.name === credential.name) return exporter;
        const status = { ...exporter.status, credential };
        return store.exporters.updateStatus({ ...exporter, status });
      });
      this.#provided.set(name, object.metadata.uid);
    } else {
      let before: Client | undefined;
      const written = await change(store.clients, namespace, name, (client) => {
        before = client;
        const status = clientState(client, { credential, endpoint, expires, now: Date.now() });
        return equal(status, client.status)
          ? client
          : store.clients.updateStatus({ ...client, status });
      });
      for (const event of clientEvents(before!, written)) events.tell(written, event);
    }
  }

  /** Sees to it that an object's Secret holds a good token; when that expires, ms since 1970. */
  async #provideToken(kind: PrincipalKind, object: Client | Exporter): Promise<number> {
    const { store: { secrets }, issuer, ids, log } = this.#options;
    const { namespace, name, uid } = object.metadata;
    const secret = await orUndefined(secrets.get(namespace, secretName(kind, name)));
    const owner = secret?.metadata.ownerReferences?.find(({ controller }) => controller);
    if (owner !== undefined && owner.uid !== uid) {
      throw new StoreError(
        "Conflict",
        `secret ${secret!.metadata.name} belongs to ${owner.kind} ${owner.name}; delete it`,
      );
    }
    const expires = await this.#expiryOf(decodeBase64(secret?.data?.token), kind, object);
    if (expires !== undefined) return expires;
    const issued = await issuer.issue(kind, object);
    const data = { token: encodeBase64(issued.token) };
    const ownerReferences = [ownerReference(object)];
    if (secret === undefined) {
      const metadata = { namespace, name: secretName(kind, name), ownerReferences };
      await secrets.create({ metadata, type: "Opaque", data });
    } else {
      const metadata = { ...secret.metadata, ownerReferences };
      await secrets.update({ ...secret, metadata, data });
    }
    ids.set(kind, name, issued.token, secret?.metadata.annotations?.[ROTATED] !== undefined);
    log("INFO", "token issued", { kind, name });
    return issued.expires;
  }

  /** When a token expires; `undefined` when it is not a good one of this object. */
  async #expiryOf(
    token: string,
    kind: PrincipalKind,
    object: Client | Exporter,
  ): Promise<number | undefined> {
    const { issuer } = this.#options;
    const claims = decodeClaims(token);
    if (claims === undefined) return undefined;
    try {
      const { username, expires } = await issuer.verify(token, claims);
      return username === issuer.prefix + subjectOf(kind, object) ? expires : undefined;
    } catch {
      return undefined; // whatever is wrong with it, a new one takes its place
    }
  }
}

const SUFFIXES: Readonly<Record<PrincipalKind, string>> = {
  Client: "-client",
  Exporter: "-exporter",
};

/** The Secret that holds the token of an object. */
export function secretName(kind: PrincipalKind, name: string): string {
  return name + SUFFIXES[kind];
}

/** Whose token a Secret holds, by its name. */
function ownerOf(secret: string): [PrincipalKind, string] | undefined {
  for (const kind of ["Client", "Exporter"] as const) {
    if (secret.endsWith(SUFFIXES[kind])) return [kind, secret.slice(0, -SUFFIXES[kind].length)];
  }
  return undefined;
}

function ownerReference({ apiVersion, kind, metadata: { name, uid } }: Client | Exporter) {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
