import { RpcError, type ServerCall } from "@jumpstarter/lib/rpc";
import { authenticate, type Gate, type PrincipalKind, type RequestMetadata } from "../auth/mod.ts";
import type { Log } from "../scheduler/mod.ts";
import type { Client, Exporter, Store } from "../store/mod.ts";

/** What {@linkcode Callers} takes. */
export interface CallersOptions {
  /** Where callers are looked up. */
  readonly store: Store;
  /** The namespace that is served. */
  readonly namespace: string;
  /** The prefix of usernames in tokens of our own. */
  readonly internalPrefix: string;
  /** Finds out whose token it is. */
  readonly verify: Gate<Client>["verify"];
  /** Whether users of external issuers get a Client when they first come. */
  readonly provisioning: () => boolean;
  /** Takes what there is to tell. */
  readonly log: Log;
}

/** Finds out who calls. */
export class Callers {
  readonly #log: Log;
  readonly #clients: Gate<Client>;
  readonly #exporters: Gate<Exporter>;

  constructor({ store, provisioning, log, ...gate }: CallersOptions) {
    this.#log = log;
    this.#clients = {
      ...gate,
      kind: "Client",
      find: (namespace, name) => store.clients.get(namespace, name),
      get provision() {
        if (!provisioning()) return undefined;
        return (namespace: string, name: string, username: string) =>
          store.clients.create({ metadata: { namespace, name }, spec: { username } });
      },
    };
    this.#exporters = {
      ...gate,
      kind: "Exporter",
      find: (namespace, name) => store.exporters.get(namespace, name),
    };
  }

  /** The client that calls. */
  async client(call: ServerCall): Promise<Client> {
    return (await this.#admit(call, "Client", this.#clients)).object;
  }

  /** The exporter that calls. */
  async exporter(call: ServerCall): Promise<Exporter> {
    return (await this.#admit(call, "Exporter", this.#exporters)).object;
  }

  async #admit<T extends Client | Exporter>(
    call: ServerCall,
    kind: PrincipalKind,
    gate: Gate<T>,
  ): ReturnType<typeof authenticate<T>> {
    try {
      return await authenticate(metadataOf(call), gate);
    } catch (error) {
      this.#log("WARNING", `${kind.toLowerCase()} authentication failed`, {
        error: error instanceof RpcError ? error.details : String(error),
        peer: addressOf(call),
      });
      throw error;
    }
  }
}

/** The metadata of a call. */
export function metadataOf(call: ServerCall): RequestMetadata {
  return (key) => call.headers(key);
}

/** Where a call comes from, without the port. */
export function addressOf({ peer }: ServerCall): string {
  const [, address] = /^(?:ipv[46]:)?\[?(.+?)\]?(?::\d+)?$/.exec(peer) ?? [];
  return address ?? "unknown";
}
