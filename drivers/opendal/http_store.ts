import { httpCapability, openHttpCapability } from "./capability.ts";
import { follow, type HttpAnswer, refusal, sizeOf } from "./http_exchange.ts";
import type { Capability, Metadata, PresignedRequest } from "./interface.ts";
import { RemoteFile } from "./remote_file.ts";
import {
  metadata,
  type PresignPurpose,
  Store,
  type StoreFile,
  type StoreOptions,
} from "./store.ts";
import { encodePath, isFolderPath, normalizePath, objectKey } from "./store_path.ts";

/** The kwargs of the `http` scheme. */
export interface HttpKwargs {
  /** Where the files are: `http://…` or `https://…`. */
  endpoint: string;
  /** A path below the endpoint. */
  root?: string | undefined;
  /** For HTTP's basic authentication. */
  username?: string | undefined;
  /** For HTTP's basic authentication. */
  password?: string | undefined;
  /** A bearer token. */
  token?: string | undefined;
}

/** Files that a web server has, to be read. */
export class HttpStore extends Store {
  readonly scheme = "http";
  readonly capability: Capability;
  #base: URL;
  #authorization: Record<string, string> = {};
  #silence: number | undefined;

  constructor(kwargs: HttpKwargs, { silence }: StoreOptions = {}) {
    super();
    const { endpoint, root = "", token } = kwargs;
    const url = new URL(endpoint);
    const username = kwargs.username ?? decodeURIComponent(url.username);
    const password = kwargs.password ?? decodeURIComponent(url.password);
    if (token !== undefined) this.#authorization = { authorization: `Bearer ${token}` };
    else if (username !== "" || password !== "") {
      this.#authorization = { authorization: `Basic ${base64(`${username}:${password}`)}` };
    }
    const below = encodePath(normalizePath(root));
    this.#base = new URL(
      `${url.pathname.replace(/\/+$/, "")}/${below === "" ? "" : `${below}/`}`,
      url.origin,
    );
    this.#silence = silence;
    const isSecret = this.#authorization.authorization !== undefined;
    this.capability = isSecret ? httpCapability : openHttpCapability;
  }

  override open(path: string, mode: "rb" | "wb"): Promise<StoreFile> {
    if (mode === "wb") return this.refuse("write files");
    return this.attempt("open", path, async () => {
      if (isFolderPath(path)) throw new Error("that is the name of a folder");
      const size = sizeOf(await this.#head(path));
      return new RemoteFile(size, (position) => this.#get(path, position));
    });
  }

  override stat(path: string): Promise<Metadata> {
    return this.attempt("stat", path, async () => {
      if (objectKey(path) === "") return metadata(0, true);
      const head = await this.#head(path);
      const { headers } = head;
      return {
        ...metadata(sizeOf(head) ?? 0, false),
        content_disposition: headers.get("content-disposition"),
        content_md5: headers.get("content-md5"),
        content_type: headers.get("content-type"),
        etag: headers.get("etag"),
        mode: { entry_is_file: !isFolderPath(path), entry_is_dir: isFolderPath(path) },
      };
    });
  }

  override presign(
    purpose: PresignPurpose,
    path: string,
    _seconds: number,
  ): Promise<PresignedRequest> {
    if (purpose === "write") return this.refuse("write files");
    if (!this.capability.presign) {
      return this.refuse("give URLs for its files: its password or token would go with them");
    }
    const method = purpose === "stat" ? "HEAD" : "GET";
    return Promise.resolve({ method, url: this.#url(path).href, headers: {} });
  }

  async #head(path: string): Promise<HttpAnswer> {
    let answer = await this.#send("HEAD", path);
    // Some servers know GET alone; the head of its answer tells as much.
    if (answer.status === 405 || answer.status === 501) answer = await this.#send("GET", path);
    answer.cancel();
    if (answer.status !== 200) throw refusal(answer);
    return answer;
  }

  async #get(path: string, position: number): Promise<HttpAnswer> {
    const answer = await this.#send(
      "GET",
      path,
      position === 0 ? {} : { range: `bytes=${position}-` },
    );
    if (answer.status === 200 || answer.status === 206) return answer;
    answer.cancel();
    throw refusal(answer);
  }

  #send(method: "GET" | "HEAD", path: string, headers: Record<string, string> = {}) {
    const url = this.#url(path);
    return follow(
      { method, url },
      (place) => place.origin === url.origin ? { ...this.#authorization, ...headers } : headers,
      this.#silence,
    );
  }

  #url(path: string): URL {
    return new URL(`${this.#base.href}${encodePath(objectKey(path))}`);
  }
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
