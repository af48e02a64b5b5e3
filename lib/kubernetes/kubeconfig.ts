import { dirname, isAbsolute, join } from "node:path";
import type { Environment } from "../config/mod.ts";
import { ConfigError } from "../errors.ts";
import { nearest } from "../config/nearest.ts";

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

type Table = Readonly<Record<string, unknown>>;
/** An entry of a list, and the file it is from. */
type Found = { readonly value: Table; readonly file: string };

/**
 * Reads where to find a Kubernetes API, as `kubectl` does: of several files the first that has a name
 * counts.
 *
 * @throws {ConfigError} when a file, a context or what it needs is missing or not understood
 */
export async function loadCluster(
  { kubeconfig, context, env = (name) => Deno.env.get(name) }: ClusterOptions = {},
): Promise<Cluster> {
  const paths = kubeconfig === undefined ? defaultPaths(env) : [kubeconfig];
  const files = (await Promise.all(paths.map((path) => read(path, paths.length > 1)))).filter(
    (file): file is Found => file !== undefined,
  );
  if (files.length === 0) {
    throw new ConfigError(
      `there is no kubeconfig: ${paths.join(", ")} does not exist; name one with --kubeconfig ` +
        "or KUBECONFIG",
    );
  }
  const chosen = context ?? files.map(({ value }) => text(value, "current-context")).find(Boolean);
  if (chosen === undefined) {
    throw new ConfigError(`${paths.join(", ")}: no current context; choose one with --context`);
  }
  const { value: place } = entry(files, "context", chosen);
  const cluster = entry(files, "cluster", need(place, "cluster", `context "${chosen}"`));
  const user = entry(files, "user", need(place, "user", `context "${chosen}"`));
  const server = need(cluster.value, "server", "the cluster");
  if (URL.parse(server)?.protocol !== "https:") {
    throw new ConfigError(`${cluster.file}: server "${server}" is not an https URL`);
  }
  if (cluster.value["insecure-skip-tls-verify"] === true) {
    throw new ConfigError(
      `${cluster.file}: insecure-skip-tls-verify is not taken, as anyone on the way could take ` +
        "the credential; name the certificate to trust as certificate-authority",
    );
  }
  const namespace = text(place, "namespace");
  const ca = await pem(cluster, "certificate-authority");
  return {
    server: server.replace(/\/+$/, ""),
    file: cluster.file,
    ...(namespace && { namespace }),
    ...(ca && { ca }),
    ...await credential(user),
  };
}

function defaultPaths(env: Environment): string[] {
  const named = (env("KUBECONFIG") ?? "").split(":").filter(Boolean);
  if (named.length > 0) return named;
  const home = env("HOME");
  if (home) return [`${home}/.kube/config`];
  throw new ConfigError("there is no kubeconfig: name one with --kubeconfig or KUBECONFIG");
}

async function read(path: string, mayBeMissing: boolean): Promise<Found | undefined> {
  let source: string;
  try {
    source = await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound && mayBeMissing) return undefined;
    throw new ConfigError(`cannot read kubeconfig ${path}: ${(cause as Error).message}`, { cause });
  }
  const { parse } = await import("yaml");
  let value: unknown;
  try {
    value = parse(source, { logLevel: "error" });
  } catch (cause) {
    const [reason] = (cause as Error).message.split("\n");
    throw new ConfigError(`${path} is not YAML: ${reason}`, { cause });
  }
  if (isTable(value)) return { value, file: path };
  throw new ConfigError(`${path} is no kubeconfig: it is not a table`);
}

function entry(files: readonly Found[], kind: "context" | "cluster" | "user", name: string): Found {
  const names: string[] = [];
  for (const { value, file } of files) {
    const list = value[`${kind}s`];
    for (const item of Array.isArray(list) ? list : []) {
      if (!isTable(item)) continue;
      if (item.name === name && isTable(item[kind])) return { value: item[kind], file };
      if (typeof item.name === "string") names.push(item.name);
    }
  }
  const near = nearest(name, names);
  const hint = near === undefined ? "" : `; did you mean "${near}"?`;
  throw new ConfigError(
    `${files.map(({ file }) => file).join(", ")}: there is no ${kind} "${name}"${hint}`,
  );
}

async function credential(user: Found): Promise<Pick<Cluster, "token" | "identity">> {
  const { value, file } = user;
  const tokenFile = text(value, "tokenFile");
  const token = text(value, "token") ??
    (tokenFile && (await readBeside(file, tokenFile)).trim());
  const [cert, key] = [await pem(user, "client-certificate"), await pem(user, "client-key")];
  for (const way of ["exec", "auth-provider", "username"]) {
    if (!token && !cert && value[way] !== undefined) {
      throw new ConfigError(`${file}: logging in by ${way} is not supported; use a token`);
    }
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigError(`${file}: client-certificate and client-key go together`);
  }
  return { ...(token && { token }), ...(cert && key && { identity: { cert, key } }) };
}

/** A value that is given in base64 as `NAME-data`, or in a file. */
async function pem({ value, file }: Found, name: string): Promise<string | undefined> {
  const data = text(value, `${name}-data`);
  if (data === undefined) {
    const path = text(value, name);
    return path === undefined ? undefined : await readBeside(file, path);
  }
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(data));
  } catch (cause) {
    throw new ConfigError(`${file}: ${name}-data is not base64`, { cause });
  }
}

async function readBeside(file: string, path: string): Promise<string> {
  const found = isAbsolute(path) ? path : join(dirname(file), path);
  try {
    return await Deno.readTextFile(found);
  } catch (cause) {
    throw new ConfigError(`${file}: cannot read ${found}: ${(cause as Error).message}`, { cause });
  }
}

function need(table: Table, key: string, where: string): string {
  const value = text(table, key);
  if (value !== undefined) return value;
  throw new ConfigError(`the kubeconfig says no ${key} for ${where}`);
}

function text(table: Table, key: string): string | undefined {
  const value = table[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
