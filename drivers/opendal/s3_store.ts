import { createHash } from "node:crypto";
import { s3Capability } from "./capability.ts";
import { type HttpAnswer, sizeOf } from "./http_exchange.ts";
import type { Capability, Metadata, PresignedRequest } from "./interface.ts";
import { RemoteFile } from "./remote_file.ts";
import { S3Client } from "./s3_client.ts";
import type { S3Config } from "./s3_config.ts";
import { S3Upload } from "./s3_upload.ts";
import { type Element, escapeXml } from "./s3_xml.ts";
import {
  metadata,
  type PresignPurpose,
  Store,
  type StoreFile,
  type StoreOptions,
} from "./store.ts";
import { encodePath, isFolderPath, normalizePath, objectKey } from "./store_path.ts";

/** Seconds in a week: no signature is good for longer. */
const LONGEST = 604_800;
const METHODS = { stat: "HEAD", read: "GET", write: "PUT" } as const;

/** Files in a bucket of Amazon's S3, or of a service that speaks its protocol. */
export class S3Store extends Store {
  readonly scheme = "s3";
  readonly capability: Capability = s3Capability;
  #client: S3Client;
  /** Before every key; ends with a slash where it is not empty. */
  #root: string;

  constructor({ root = "", ...config }: S3Config & { root?: string }, options: StoreOptions = {}) {
    super();
    this.#client = new S3Client(config, options.silence);
    this.#root = objectKey(`${root}/`);
  }

  override open(path: string, mode: "rb" | "wb"): Promise<StoreFile> {
    return this.attempt("open", path, async () => {
      const key = this.#keyOfFile(path);
      if (mode === "wb") return new S3Upload(this.#client, key);
      const head = await this.#head(key);
      const etag = head.headers.get("etag");
      return new RemoteFile(sizeOf(head), (position) => this.#get(key, position, etag));
    });
  }

  override stat(path: string): Promise<Metadata> {
    return this.attempt("stat", path, async () => {
      if (isFolderPath(path)) {
        if (objectKey(path) !== "" && !await this.#hasBelow(this.#key(path))) throw notThere();
        return metadata(0, true);
      }
      const head = await this.#head(this.#key(path));
      const { headers } = head;
      return {
        ...metadata(sizeOf(head) ?? 0, false),
        content_disposition: headers.get("content-disposition"),
        content_md5: headers.get("content-md5"),
        content_type: headers.get("content-type"),
        etag: headers.get("etag"),
      };
    });
  }

  override copy(source: string, target: string): Promise<void> {
    return this.attempt("copy", source, () => this.#copy(source, target));
  }

  /** S3 has no such request: the file is copied, and then deleted where it was. */
  override rename(source: string, target: string): Promise<void> {
    return this.attempt("rename", source, async () => {
      await this.#copy(source, target);
      await this.#delete(this.#key(source));
    });
  }

  async #copy(source: string, target: string): Promise<void> {
    const [from, to] = [this.#keyOfFile(source), this.#keyOfFile(target)];
    if (from === to) throw new Error("source and target are the same");
    const { bucket, headers } = this.#client.config;
    const place = { "x-amz-copy-source": `/${bucket}/${encodePath(from)}` };
    await this.#client.ask({ method: "PUT", key: to, headers: { ...headers, ...place } });
  }

  override createDir(path: string): Promise<void> {
    return this.attempt("create_dir", path, async () => {
      if (!isFolderPath(path)) throw new Error("the path of a folder ends with /");
      const [key, body] = [this.#key(path), new Uint8Array()];
      if (key !== "") (await this.#client.send({ method: "PUT", key, body })).cancel();
    });
  }

  override delete(path: string): Promise<void> {
    return this.attempt("delete", path, () => this.#delete(this.#key(path)));
  }

  async #delete(key: string): Promise<void> {
    if (key !== "") (await this.#client.send({ method: "DELETE", key })).cancel();
  }

  override removeAll(path: string): Promise<void> {
    return this.attempt("remove_all", path, async () => {
      const normal = normalizePath(path);
      if (normal !== "" && !path.endsWith("/")) await this.#delete(this.#root + normal);
      const prefix = this.#key(`${normal}/`);
      for await (const page of this.#pages({ prefix })) await this.#deleteAll(keysOf(page));
    });
  }

  /** A page of a listing has 1,000 keys at most, as many as may be deleted at once. */
  async #deleteAll(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const objects = keys.map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`).join("");
    const body = new TextEncoder().encode(
      `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
        `<Quiet>true</Quiet>${objects}</Delete>`,
    );
    const headers = { "content-md5": createHash("md5").update(body).digest("base64") };
    const query = { delete: "" };
    const done = await this.#client.ask({ method: "POST", query, headers, body });
    const [fault] = done.all("Error");
    if (fault === undefined) return;
    throw new Error(`of ${fault.first("Key")}: ${fault.first("Code")}: ${fault.first("Message")}`);
  }

  override async *list(path: string, isDeep: boolean): AsyncGenerator<string> {
    const normal = normalizePath(path);
    const listing = { prefix: this.#key(path), ...(isDeep ? {} : { delimiter: "/" }) };
    const isExact = normal !== "" && !path.endsWith("/");
    const pages = this.#pages(listing);
    for (;;) {
      const { value: page, done } = await this.attempt("list", path, () => pages.next());
      if (done) return;
      for (const key of [...keysOf(page), ...prefixesOf(page)]) {
        const entry = key.slice(this.#root.length);
        // What only begins like the path is something else.
        const isMeant = !isExact || entry === normal || entry.startsWith(`${normal}/`);
        if (entry !== "" && isMeant) yield entry;
      }
    }
  }

  override presign(
    purpose: PresignPurpose,
    path: string,
    seconds: number,
  ): Promise<PresignedRequest> {
    return this.attempt(`presign_${purpose}`, path, () => {
      if (seconds < 1 || seconds > LONGEST) {
        throw new Error(`a signature is good for 1 to ${LONGEST} s, not for ${seconds}`);
      }
      return this.#client.presign(METHODS[purpose], this.#keyOfFile(path), seconds);
    });
  }

  #key(path: string): string {
    return this.#root + objectKey(path);
  }

  #keyOfFile(path: string): string {
    if (isFolderPath(path)) throw new Error(`"${path}" is the name of a folder`);
    return this.#key(path);
  }

  async #head(key: string): Promise<HttpAnswer> {
    const answer = await this.#client.send({ method: "HEAD", key });
    answer.cancel();
    return answer;
  }

  #get(key: string, position: number, etag: string | null): Promise<HttpAnswer> {
    const headers = {
      ...(position === 0 ? {} : { range: `bytes=${position}-` }),
      // Otherwise the file could have changed, and would be read half old, half new.
      ...(etag === null ? {} : { "if-match": etag }),
    };
    return this.#client.send({ method: "GET", key, headers });
  }

  async #hasBelow(prefix: string): Promise<boolean> {
    const query = { "list-type": "2", prefix, "max-keys": "1" };
    const page = await this.#client.ask({ method: "GET", query });
    return page.all("Contents").length > 0;
  }

  async *#pages(listing: { prefix: string; delimiter?: string }): AsyncGenerator<Element> {
    const query: Record<string, string> = {
      "list-type": "2",
      "encoding-type": "url", // XML cannot hold every key
      ...listing,
    };
    for (;;) {
      const page = await this.#client.ask({ method: "GET", query });
      yield page;
      const next = page.first("NextContinuationToken");
      if (page.first("IsTruncated") !== "true" || !next) return;
      query["continuation-token"] = next;
    }
  }
}

function keysOf(page: Element): string[] {
  return page.all("Contents").map((entry) => decoded(page, entry.first("Key")));
}

function prefixesOf(page: Element): string[] {
  return page.all("CommonPrefixes").map((entry) => decoded(page, entry.first("Prefix")));
}

function decoded(page: Element, key = ""): string {
  return page.first("EncodingType") === "url" ? decodeURIComponent(key.replaceAll("+", " ")) : key;
}

function notThere(): Error {
  return new Deno.errors.NotFound("there is no such file");
}
