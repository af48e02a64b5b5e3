import { AwsV4Signer } from "aws4fetch";
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { follow, type HttpAnswer, type HttpCall } from "./http_exchange.ts";
import type { PresignedRequest } from "./interface.ts";
import type { S3Config } from "./s3_config.ts";
import { type Element, readXml } from "./s3_xml.ts";
import { encodePath, encodeText } from "./store_path.ts";

/** A request for an object, or for the bucket where there is no key. */
export interface S3Call {
  method: HttpCall["method"];
  key?: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array<ArrayBuffer>;
}

/** Of a request that a busy service has refused, or that got lost. */
const TRIES = 4;
/** Milliseconds before the second try; each wait is twice the one before. */
const FIRST_WAIT = 200;
const BUSY = [429, 500, 502, 503, 504];
/** Codes of "nothing is there". */
const MISSING = ["NoSuchKey", "NotFound"];

/** Sends signed requests to one bucket. */
export class S3Client {
  readonly config: S3Config;
  #silence: number | undefined;

  constructor(config: S3Config, silence?: number) {
    this.config = config;
    this.#silence = silence;
  }

  /** Sends a request; an answer other than a good one is an error. */
  async send(call: S3Call): Promise<HttpAnswer> {
    const answer = await this.#sendRepeatedly(call);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw await this.#refusal(answer, call.method);
  }

  /** Sends a request whose answer is XML; one that turns out to hold an error is one. */
  async ask(call: S3Call): Promise<Element> {
    const answer = await this.send(call);
    const root = readXml(await answer.text());
    if (root.name === "Error") throw refusal(root.first("Code"), root.first("Message"));
    return root;
  }

  /** A request that others may make for so many seconds. */
  async presign(
    method: "HEAD" | "GET" | "PUT",
    key: string,
    seconds: number,
  ): Promise<PresignedRequest> {
    const headers = method === "PUT" ? this.config.headers : {};
    const url = this.#url({ method, key });
    if (this.config.keys === undefined) return { method, url: url.href, headers };
    url.searchParams.set("X-Amz-Expires", String(seconds));
    const signed = await this.#signer({ method, url, headers }, true).sign();
    return { method, url: signed.url.href, headers };
  }

  async #sendRepeatedly(call: S3Call): Promise<HttpAnswer> {
    for (let tries = 1;; tries++) {
      const isLast = tries === TRIES;
      try {
        const answer = await this.#sendOnce(call);
        if (isLast || !BUSY.includes(answer.status)) return answer;
        answer.cancel();
      } catch (error) {
        // What a POST asks for may have been done, though its answer got lost.
        if (isLast || call.method === "POST") throw error;
      }
      await delay(FIRST_WAIT * 2 ** (tries - 1));
    }
  }

  #sendOnce({ method, key, query, headers = {}, body }: S3Call): Promise<HttpAnswer> {
    const url = this.#url({ method, ...(key === undefined ? {} : { key }), query: query ?? {} });
    const call = { method, url, ...(body === undefined ? {} : { body }) };
    if (this.config.keys === undefined) {
      return follow(call, () => headers, this.#silence);
    }
    const hash = createHash("sha256").update(body ?? "").digest("hex");
    return follow(call, async (place) => {
      if (place.protocol !== url.protocol) throw new Error("the server redirects to plain HTTP");
      const unsigned = { ...headers, "x-amz-content-sha256": hash };
      const signed = await this.#signer({ method, url: place, headers: unsigned }, false).sign();
      return Object.fromEntries(signed.headers);
    }, this.#silence);
  }

  #signer({ method, url, headers }: HttpCall, signQuery: boolean): AwsV4Signer {
    return new AwsV4Signer({
      ...this.config.keys!,
      method,
      url: url.href,
      headers,
      service: "s3",
      region: this.config.region,
      signQuery,
    });
  }

  #url({ key = "", query = {} }: S3Call): URL {
    const url = new URL(`${this.config.url.href}${encodePath(key)}`);
    // Not by `searchParams`, which writes a space as +; the signature has %20.
    url.search = Object.entries(query)
      .map(([name, value]) => `${name}=${encodeText(value)}`).join("&");
    return url;
  }

  async #refusal(answer: HttpAnswer, method: string): Promise<Error> {
    const region = answer.headers.get("x-amz-bucket-region");
    if (region !== null && region !== this.config.region) {
      answer.cancel();
      return new Error(`the bucket is in region ${region}, not in ${this.config.region}`);
    }
    // The answer to a HEAD has no body that could say more.
    const text = method === "HEAD" ? "" : await answer.text().catch(() => "");
    const error = /<Error[\s>]/.test(text) ? readXml(text) : undefined;
    answer.cancel();
    const code = error?.first("Code") ?? codes[answer.status] ?? String(answer.status);
    return refusal(code, error?.first("Message") ?? answer.statusText);
  }
}

/** What a status stands for where nothing tells more. */
const codes: Record<number, string> = {
  403: "AccessDenied",
  404: "NotFound",
  412: "PreconditionFailed",
};

const hints: Record<string, string> = {
  AccessDenied: "look at the keys in kwargs, and at what they may do",
  InvalidAccessKeyId: "look at access_key_id in kwargs",
  SignatureDoesNotMatch: "look at secret_access_key in kwargs",
  PreconditionFailed: "the file has changed since it was opened",
};

function refusal(code: string | undefined, message: string | undefined): Error {
  if (code !== undefined && MISSING.includes(code)) {
    return new Deno.errors.NotFound("there is no such file");
  }
  const said = [code, message?.replace(/\.$/, "")].filter(Boolean).join(": ");
  const hint = hints[code ?? ""];
  return new Error(`the service answers ${said}${hint === undefined ? "" : `; ${hint}`}`);
}
