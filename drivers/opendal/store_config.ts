import * as v from "valibot";
import { nearest } from "@jumpstarter/lib/config";
import type { Schema } from "@jumpstarter/lib/driver";
import type { HttpKwargs } from "./http_store.ts";
import { s3Config, type S3Kwargs } from "./s3_config.ts";

/** The kind of storage, and the settings that OpenDAL's service of that name has. */
export type StoreConfig =
  | { scheme: "fs"; kwargs: { root: string } }
  | { scheme: "memory"; kwargs: { root?: string | undefined } }
  | { scheme: "http"; kwargs: HttpKwargs }
  | { scheme: "s3"; kwargs: S3Kwargs };

/** Settings of {@linkcode Opendal}. */
export type OpendalConfig = StoreConfig & {
  /** Delete at the end what clients have created; done for `fs` alone. */
  remove_created_on_close: boolean;
};

// What is wrong with a value is said without it: it may be a secret.
const text = v.pipe(v.string("is no text"), v.minLength(1, "is empty"));
const flag = v.pipe(
  v.union([v.boolean(), v.picklist(["true", "false"])], "is neither true nor false"),
  v.transform((value) => value === true || value === "true"),
);
const endpoint = v.pipe(
  text,
  v.check((value) => {
    const url = URL.parse(value);
    return url !== null && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "";
  }, "is no address like https://files.example/images"),
);
/** OpenDAL takes one without `https://` for this scheme. */
const s3Endpoint = v.pipe(
  text,
  v.transform((value) => /^https?:\/\//.test(value) ? value : `https://${value}`),
  endpoint,
);

const fs = kwargs({ root: text });
const memory = kwargs({ root: v.optional(text) });
const http = v.pipe(
  kwargs({
    endpoint,
    root: v.optional(text),
    username: v.optional(text),
    password: v.optional(text),
    token: v.optional(text),
  }),
  v.forward(
    v.check(
      ({ token, username }) => token === undefined || username === undefined,
      "is there besides username; a server takes one of the two",
    ),
    ["token"],
  ),
);
const s3 = v.pipe(
  kwargs({
    bucket: text,
    endpoint: v.optional(s3Endpoint),
    region: v.optional(text),
    access_key_id: v.optional(text),
    secret_access_key: v.optional(text),
    session_token: v.optional(text),
    root: v.optional(text),
    enable_virtual_host_style: v.optional(flag),
    allow_anonymous: v.optional(flag),
    disable_config_load: v.optional(flag),
    default_storage_class: v.optional(text),
    server_side_encryption: v.optional(text),
    server_side_encryption_aws_kms_key_id: v.optional(text),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    const found = s3Config(input, Deno.env.get);
    if (!("fault" in found)) return;
    const { key, fault } = found;
    const path = [{ type: "object", origin: "value", input, key, value: undefined }] as const;
    addIssue({ message: fault, path: [...path] });
  }),
);

const remove_created_on_close = v.optional(
  v.boolean("is neither true nor false"),
  false,
);

/** Checks the settings of {@linkcode Opendal}. */
export const opendalConfig: Schema<OpendalConfig> = v.variant("scheme", [
  v.strictObject({ scheme: v.literal("fs"), kwargs: fs, remove_created_on_close }, entryFault),
  v.strictObject(
    { scheme: v.literal("memory"), kwargs: v.optional(memory, {}), remove_created_on_close },
    entryFault,
  ),
  v.strictObject({ scheme: v.literal("http"), kwargs: http, remove_created_on_close }, entryFault),
  v.strictObject({ scheme: v.literal("s3"), kwargs: s3, remove_created_on_close }, entryFault),
], (issue) => schemeFault(issue.path?.at(-1)?.key === "scheme" ? issue.input : undefined));

const SCHEMES = ["fs", "memory", "http", "s3"];

/** Kinds of storage that OpenDAL has, and what to do instead. */
const elsewhere: Record<string, string> = {
  gcs: "Google's storage speaks s3 as well: at https://storage.googleapis.com, with HMAC keys",
  ...Object.fromEntries(
    ["b2", "cos", "obs", "oss", "r2", "tos", "upyun"]
      .map((name) => [name, "where the service speaks s3 as well, take that"]),
  ),
  webdav: "http reads what the server has; to write, mount it and take fs",
  ...Object.fromEntries(
    [
      ...["aliyun-drive", "alluxio", "azblob", "azdls", "azfile", "dbfs", "dropbox", "ftp"],
      ...["gdrive", "ghac", "github", "gridfs", "hdfs", "hdfs-native", "huggingface", "icloud"],
      ...["ipfs", "ipmfs", "koofr", "lakefs", "onedrive", "pcloud", "seafile", "sftp", "swift"],
      ...["vercel-artifacts", "vercel-blob", "webhdfs", "yandex-disk"],
    ].map((name) => [name, "mount it on the exporter's machine, and take fs with that folder"]),
  ),
  ...Object.fromEntries(
    [
      ...["atomicserver", "cacache", "cloudflare-kv", "compfs", "d1", "dashmap", "etcd"],
      ...["foundationdb", "memcached", "mini-moka", "moka", "mongodb", "monoiofs", "mysql"],
      ...["nebula-graph", "persy", "postgresql", "redb", "redis", "rocksdb", "sled", "sqlite"],
      ...["surrealdb", "tikv"],
    ].map((name) => [name, "take fs to keep the files, or memory to forget them"]),
  ),
};

function schemeFault(scheme: unknown): string {
  const known = `${SCHEMES.slice(0, -1).join(", ")} and ${SCHEMES.at(-1)} are`;
  if (scheme === undefined) return `is missing; ${known} there`;
  if (typeof scheme !== "string") return `is no text; ${known} there`;
  const advice = elsewhere[scheme.toLowerCase().replaceAll("_", "-")];
  if (advice !== undefined) return `OpenDAL's ${scheme} is not there; ${known}. Advice: ${advice}`;
  const near = nearest(scheme.toLowerCase(), SCHEMES);
  const hint = near === undefined ? "" : `. Did you mean "${near}"?`;
  return `scheme "${scheme}" is not there; ${known}${hint}`;
}

/** A map of settings with known names; a missing or unknown one is told by its name. */
function kwargs<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, (issue) => objectFault(issue, Object.keys(entries)));
}

function entryFault(issue: v.StrictObjectIssue): string {
  return objectFault(issue, ["scheme", "kwargs", "remove_created_on_close"]);
}

function objectFault(issue: v.StrictObjectIssue, names: readonly string[]): string {
  if (issue.path === undefined) return `is no map; it takes ${names.join(", ")}`;
  if (issue.expected !== "never") return "is missing";
  const name = String(issue.path.at(-1)?.key);
  if (unsupported[name] !== undefined) return `is not supported: ${unsupported[name]}`;
  const near = nearest(name, names);
  const hint = near === undefined ? `it takes ${names.join(", ")}` : `did you mean "${near}"?`;
  return `is not a setting of this scheme; ${hint}`;
}

/** Settings of OpenDAL that would change what happens, and cannot be passed over in silence. */
const unsupported: Record<string, string> = Object.fromEntries(
  [
    ["role_arn", "give the exporter keys of its own, or temporary ones in the environment"],
    ["external_id", "it belongs to role_arn"],
    ["server_side_encryption_customer_key", "let the service keep the key: aws:kms"],
  ],
);
