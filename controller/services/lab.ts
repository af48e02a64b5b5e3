import type { AuditLog } from "../audit/mod.ts";
import type { InternalIssuer, RouterTokens } from "../auth/mod.ts";
import type { RouterControl } from "../control/mod.ts";
import type { TelemetryEndpoint } from "@jumpstarter/proto";
import type { Liveness } from "../liveness/mod.ts";
import type { LabView, Log, Scheduler } from "../scheduler/mod.ts";
import type { Store } from "../store/mod.ts";
import type { Callers } from "./callers.ts";
import type { Credentials } from "./credentials.ts";
import type { ExporterKeeper } from "./exporter_keeper.ts";
import type { HookFailures } from "./hook_failures.ts";
import type { Listeners } from "./listeners.ts";
import type { RouterAddress } from "./router_choice.ts";

/** What an administrator decides about a lab. */
export interface LabSettings {
  /** The namespace that is served. */
  readonly namespace: string;
  /** Routers that clients and exporters are sent to. */
  readonly routers: readonly RouterAddress[];
  /** The most tags that a lease may have. */
  readonly maxTags: number;
  /** Labels of exporters that are not shown unless asked for. */
  readonly hiddenLabels: readonly string[];
  /** Labels that will go away, with the advice to show. */
  readonly deprecatedLabels: Readonly<Record<string, string>>;
  /** Where exporters hand over their log records, as they are told; nowhere without it. */
  readonly telemetry?: TelemetryEndpoint | undefined;
}

/** What the services of a lab stand on. */
export interface Lab {
  /** What an administrator decides. */
  readonly settings: LabSettings;
  /** Keeps everything. */
  readonly store: Store;
  /** What is known of exporters and leases, in memory. */
  readonly view: LabView;
  /** Decides about leases. */
  readonly scheduler: Scheduler;
  /** Which exporters are there. */
  readonly liveness: Liveness;
  /** Keeps the status of exporters. */
  readonly keeper: ExporterKeeper;
  /** Which exporters are to be left alone for a moment. */
  readonly hookFailures: HookFailures;
  /** Exporters that wait for clients. */
  readonly listeners: Listeners;
  /** Finds out who calls. */
  readonly callers: Callers;
  /** Makes tokens. */
  readonly issuer: InternalIssuer;
  /** Keeps tokens. */
  readonly credentials: Credentials;
  /** Makes the tokens of tunnels. */
  readonly routerTokens: RouterTokens;
  /** Tells routers elsewhere what becomes of leases. */
  readonly control: RouterControl;
  /** Keeps what happened. */
  readonly audit: AuditLog;
  /** Takes what there is to tell. */
  readonly log: Log;
}
