import type { IssuerConfig } from "../auth/mod.ts";

/** A router, and which exporters it is near to. */
export interface RouterEntry {
  /** Its address, `host:port`. */
  readonly endpoint: string;
  /** Labels of exporters that are sent to it first. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What is read once, at the start; flags say the same, and win. */
export interface StartSettings {
  /** Where clients and exporters are served, `HOST:PORT`. */
  readonly listen?: string;
  /** Where their tunnels meet. */
  readonly routerListen?: string;
  /** Where it is administered. */
  readonly adminListen?: string;
  /** Where metrics and health are read, in plain HTTP; nowhere without it. */
  readonly metricsListen?: string;
  /** Where the page for logins is served; nowhere without it. */
  readonly loginListen?: string;
  /** Where users find that page, as they type it. */
  readonly loginEndpoint?: string;
  /** The name or address by which clients and exporters find this machine. */
  readonly host?: string;
  /** Where they find the controller, `HOST:PORT`, if not at `host` and the port of `listen`. */
  readonly endpoint?: string;
  /** Where they find its router, if not at `host` and the port of `routerListen`. */
  readonly routerEndpoint?: string;
  /** The namespace of all objects. */
  readonly namespace?: string;
  /** Files with a certificate that others have made; the CA may stand there as PEM text. */
  readonly certificate?: {
    readonly cert: string;
    readonly key: string;
    readonly ca?: string;
  };
  /** The prefix of usernames in tokens of the controller's own. */
  readonly internalPrefix?: string;
  /** Whether tokens that a Go controller made with `CONTROLLER_KEY` are good as well. */
  readonly legacyTokens?: boolean;
}

/** Severities of the records of exporters, the least first. */
export const RECORD_SEVERITIES = ["debug", "info", "warning", "error", "critical"] as const;

/** One of {@linkcode RECORD_SEVERITIES}. */
export type RecordSeverity = typeof RECORD_SEVERITIES[number];

/** Where exporters hand over their log records. */
export interface TelemetrySettings {
  /** An address elsewhere, `host:port`; the controller's own without it. */
  readonly endpoint?: string;
  /** What has to be trusted there, PEM. */
  readonly certificate?: string;
  /** Records that are less severe stay where they are. */
  readonly minSeverity: RecordSeverity;
}

/** What takes effect while the controller runs. */
export interface LiveSettings {
  /** External issuers, in the order in which they are tried. */
  readonly issuers: readonly IssuerConfig[];
  /** How long new tokens last, ms. */
  readonly tokenLifetime?: number;
  /** Whether users of external issuers get a client when they first come. */
  readonly provisioning: boolean;
  /** The most tags that a lease may have. */
  readonly maxTags: number;
  /** Labels of exporters that are not shown unless asked for. */
  readonly hiddenLabels: readonly string[];
  /** Labels that will go away, with the advice to show. */
  readonly deprecatedLabels: Readonly<Record<string, string>>;
  /** Routers beside the one in the controller. */
  readonly routers: readonly RouterEntry[];
  /** Where exporters hand over their log records; nowhere without it. */
  readonly telemetry?: TelemetrySettings;
}

/** What a configuration file says. */
export interface ControllerConfig {
  /** What takes a restart. */
  readonly start: StartSettings;
  /** What takes effect at once. */
  readonly live: LiveSettings;
  /** What is in the file and has no effect, with file and line. */
  readonly warnings: readonly string[];
}

/** What holds without a file. */
export const DEFAULT_SETTINGS: LiveSettings = {
  issuers: [],
  provisioning: false,
  maxTags: 10,
  hiddenLabels: [],
  deprecatedLabels: {},
  routers: [],
};
