import type { Endpoint } from "@jumpstarter/lib/rpc";
import type { AuditLog } from "../audit/mod.ts";
import type { LiveSettings } from "../config/mod.ts";
import type { LivenessTimes } from "../liveness/mod.ts";
import type { Log } from "../scheduler/mod.ts";
import type { Store } from "../store/mod.ts";
import type { LoginFacts, Metric } from "../web/mod.ts";
import type { CertificateFiles } from "./given_identity.ts";
import type { Identity } from "./identity.ts";

/** A TCP port on this machine. */
export type ListenAddress = Endpoint & { readonly kind: "tcp" };

/** What {@linkcode serveController} takes. */
export interface ControllerOptions {
  /** The folder with store, certificates and keys; made when it is not there. */
  readonly data: string;
  /** Where the controller listens. */
  readonly listen: ListenAddress;
  /** Where the router of this process listens; there is none without it. */
  readonly routerListen: ListenAddress | undefined;
  /** The name by which clients and exporters find this machine. */
  readonly host: string;
  /** Where they find the controller, `host:port`, if not at `host` and the port it listens on. */
  readonly endpoint?: string | undefined;
  /** The same of its router. */
  readonly routerEndpoint?: string | undefined;
  /** Other names and addresses that the certificate is for. */
  readonly aliases?: readonly string[];
  /** The namespace that is served. */
  readonly namespace: string;
  /** Takes what there is to tell. */
  readonly log: Log;
  /** How long exporters may be silent. */
  readonly liveness?: LivenessTimes;
  /** The prefix of usernames in tokens of the controller's own; `internal:` unless given. */
  readonly internalPrefix?: string;
  /** What a Go controller made its signing key of, whose tokens are to be good as well. */
  readonly legacyKey?: string | undefined;
  /** The secret to share with routers; the store's unless given. */
  readonly routerKey?: string | undefined;
  /** A certificate that others have made, for clients and exporters; a self-made one without it. */
  readonly certificate?: CertificateFiles | undefined;
  /** Settings that differ from the default; {@linkcode RunningController.use} changes them. */
  readonly settings?: Partial<LiveSettings>;
}

/** A controller that serves. */
export interface RunningController extends AsyncDisposable {
  /** Where clients and exporters find it, `host:port`. */
  readonly endpoint: string;
  /** Where they find its router, `host:port`; empty when there is none. */
  readonly routerEndpoint: string;
  /** The certificates that it made itself: those of its administration. */
  readonly identity: Identity;
  /** The certificates that clients and exporters see. */
  readonly publicIdentity: Identity;
  /** Shows them other certificates from the next connection on; connections that are there stay. */
  useIdentity(identity: Identity): void;
  /** Calls back when `identity` or `publicIdentity` has become another. */
  onIdentity(take: () => void): void;
  /** Its objects. */
  readonly store: Store;
  /**
   * Goes by other settings from now on; calls that are under way carry on.
   *
   * @throws {ConfigError} when they cannot be used; then nothing changes
   */
  use(settings: LiveSettings): Promise<void>;
  /** What happened. */
  readonly audit: AuditLog;
  /** How many tunnels its router carries. */
  readonly tunnels: number;
  /**
   * Lets the tunnels of its router go on for so many milliseconds, and takes no new ones; all else is
   * served meanwhile. Settles as soon as there is none.
   */
  drain(time: number): Promise<void>;
  /** What is measured now. */
  metrics(): readonly Metric[];
  /** What is not ready, one sentence each: a login would not work. */
  unready(): Promise<readonly string[]>;
  /** What somebody has to know who logs in. */
  loginFacts(): Omit<LoginFacts, "loginEndpoint">;
  /** Rejects when the controller no longer knows what happens in its lab: it has to end. */
  readonly failed: Promise<never>;
}
