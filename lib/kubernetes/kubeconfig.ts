import type { Environment } from "../config/mod.ts";
import { present } from "../config/present.ts";
import { ConfigError } from "../errors.ts";
import {
  type Entry,
  findEntry,
  need,
  pem,
  readBeside,
  readKubeconfig,
  text,
} from "./kubeconfig_entry.ts";

/** A Kubernetes API, and how to log in there. */
export interface Cluster {
  /** Its URL. */
  readonly server: string;
  /** The namespace that the context names. */
  readonly namespace?: string;
  /** Certificates to trust, PEM; those of the system without it. */
  readonly ca?: string;
  /** A bearer token: a secret. */
  readonly token?: string;
  /** A certificate to log in with, and its key, PEM. */
  readonly identity?: { readonly cert: string; readonly key: string };
  /** Whether its certificate is not looked at: anybody on the way could be it. */
  readonly isUnverified?: boolean;
  /** The name that its certificate is for; that of the URL without it. */
  readonly serverName?: string;
  /** The proxy on the way, a URL. */
  readonly proxy?: string;
  /** The file that says so. */
  readonly file: string;
}

/** What {@linkcode loadCluster} takes. */
export interface ClusterOptions {
  /** The file; by default those of `KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
  /** The context; by default the current one. */
  readonly context?: string | undefined;
  /** The environment; by default that of this process. */
  readonly env?: Environment;
}

const HINT = "name one with --kubeconfig or KUBECONFIG; that of a lab is in the folder of its " +
  "jmp-controller";

/**
 * Reads where to find a Kubernetes API, as `kubectl` does: of several files the first that has a name
 * counts.
 *
 * @throws {ConfigError} when a file, a context or what it needs is missing or not understood
 */
export async function loadCluster(
  { kubeconfig, context, env = (name) => Deno.env.get(name) }: ClusterOptions = {},
): Promise<Cluster> {
  const files = await readFiles(kubeconfig, env);
  const chosen = context ?? files.map(({ value }) => text(value, "current-context")).find(Boolean);
  if (chosen === undefined) {
    const names = files.map(({ file }) => file).join(", ");
    throw new ConfigError(`${names}: no current context; choose one with --context`);
  }
  const { value: place, file } = findEntry(files, "context", chosen);
  const cluster = findEntry(
    files,
    "cluster",
    need(place, "cluster", `${file}: context "${chosen}"`),
  );
  const user = text(place, "user");
  const whole = {
    ...await clusterOf(cluster),
    ...(user === undefined ? {} : await credential(findEntry(files, "user", user))),
    ...present({ namespace: text(place, "namespace") }),
  };
  const isSecret = whole.token !== undefined || whole.identity !== undefined;
  if (isSecret && !whole.server.startsWith("https:")) {
    throw new ConfigError(
      `${cluster.file}: server "${whole.server}" is not an https URL, and a credential would go ` +
        "there for everybody to read",
    );
  }
  return whole;
}

async function readFiles(kubeconfig: string | undefined, env: Environment): Promise<Entry[]> {
  const paths = kubeconfig === undefined ? defaultPaths(env) : [kubeconfig];
  const found = await Promise.all(
    paths.map((path) => readKubeconfig(path, kubeconfig === undefined)),
  );
  const files = found.filter((file): file is Entry => file !== undefined);
  if (files.length > 0) return files;
  throw new ConfigError(`there is no kubeconfig ${paths.join(", ")}; ${HINT}`);
}

async function clusterOf(found: Entry): Promise<Cluster> {
  const { value, file } = found;
  const server = need(value, "server", `${file}: the cluster`);
  if (!/^https?:$/.test(URL.parse(server)?.protocol ?? "")) {
    throw new ConfigError(`${file}: server "${server}" is not a URL such as https://lab:8084`);
  }
  const isUnverified = value["insecure-skip-tls-verify"] === true || undefined;
  const ca = await pem(found, "certificate-authority");
  if (isUnverified && ca !== undefined) {
    throw new ConfigError(
      `${file}: certificate-authority and insecure-skip-tls-verify do not go together`,
    );
  }
  const options = { ca, isUnverified, serverName: text(value, "tls-server-name") };
  const proxy = text(value, "proxy-url");
  if (proxy !== undefined && (isUnverified || options.serverName !== undefined)) {
    throw new ConfigError(
      `${file}: proxy-url does not go with insecure-skip-tls-verify and tls-server-name here`,
    );
  }
  return { server: server.replace(/\/+$/, ""), file, ...present({ ...options, proxy }) };
}

function defaultPaths(env: Environment): string[] {
  const named = (env("KUBECONFIG") ?? "").split(":").filter(Boolean);
  if (named.length > 0) return named;
  const home = env("HOME");
  if (home) return [`${home}/.kube/config`];
  throw new ConfigError(`there is no kubeconfig; ${HINT}`);
}

async function credential(user: Entry): Promise<Pick<Cluster, "token" | "identity">> {
  const { value, file } = user;
  const tokenFile = text(value, "tokenFile");
  const token = text(value, "token") ?? (tokenFile && await readBeside(file, tokenFile));
  const [cert, key] = [await pem(user, "client-certificate"), await pem(user, "client-key")];
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigError(`${file}: client-certificate and client-key go together`);
  }
  const identity = cert !== undefined && key !== undefined ? { cert, key } : undefined;
  const isKnown = token !== undefined || identity !== undefined;
  const others = ["as", ...(isKnown ? [] : ["exec", "auth-provider", "username"])];
  const other = others.find((way) => value[way] !== undefined);
  if (other !== undefined) {
    throw new ConfigError(
      `${file}: logging in by "${other}" is not supported; use a token or a client certificate`,
    );
  }
  return present({ token: token?.trim(), identity });
}
