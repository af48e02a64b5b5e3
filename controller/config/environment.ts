import { parseAddress, parseEndpoint, parseNamespace } from "../addresses.ts";
import type { StartSettings } from "./controller_config.ts";

/** What the environment says; it is read by the names that the Go controller has for it. */
export interface EnvironmentSettings {
  /** What a file says, too, and wins. */
  readonly start: StartSettings;
  /** The secret that routers share, instead of one that the controller makes. */
  readonly routerKey?: string;
  /** What a Go controller made its signing key of. */
  readonly controllerKey?: string;
  /** The variables that are set. */
  readonly names: readonly string[];
}

/** The variables that say what a file says, too. */
const TEXTS = {
  NAMESPACE: ["namespace", parseNamespace],
  GRPC_ENDPOINT: ["endpoint", endpoint],
  GRPC_ROUTER_ENDPOINT: ["routerEndpoint", endpoint],
  LOGIN_ENDPOINT: ["loginEndpoint", (_name: string, text: string) => text],
  LOGIN_SERVICE_PORT: ["loginListen", port],
} as const satisfies Record<
  string,
  [keyof StartSettings, (name: string, text: string) => string]
>;

/**
 * Reads the environment.
 *
 * @throws {UsageError} naming the variable that cannot be used
 */
export function readEnvironment(get: (name: string) => string | undefined): EnvironmentSettings {
  const names: string[] = [];
  const read = (name: string) => {
    const text = get(name);
    if (text) names.push(name);
    return text || undefined;
  };
  const texts = Object.entries(TEXTS).map(([name, [key, parse]]) => {
    const text = read(name);
    return [key, text && parse(name, text)];
  });
  const [cert, key] = [read("EXTERNAL_CERT_PEM"), read("EXTERNAL_KEY_PEM")];
  const ca = cert && key && read("CA_BUNDLE_PEM");
  const [routerKey, controllerKey] = [read("ROUTER_KEY"), read("CONTROLLER_KEY")];
  return {
    start: {
      ...Object.fromEntries(texts.filter(([, text]) => text)),
      ...(cert && key && { certificate: { cert, key, ...(ca && { ca }) } }),
    },
    ...(routerKey && { routerKey }),
    ...(controllerKey && { controllerKey }),
    names,
  };
}

function endpoint(name: string, text: string): string {
  parseEndpoint(name, text);
  return text;
}

/** A port alone will do. */
function port(name: string, text: string): string {
  const address = /^\d+$/.test(text) ? `:${text}` : text;
  parseAddress(name, address);
  return address;
}
