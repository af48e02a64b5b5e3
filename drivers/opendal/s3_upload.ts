import { concat } from "@jumpstarter/lib/streams";
import type { S3Client } from "./s3_client.ts";
import { escapeXml } from "./s3_xml.ts";
import type { StoreFile } from "./store.ts";

/** Bytes of a part; also what an upload holds while it fills one, and again while it sends one. */
const PART = 8 * 1024 * 1024;
/** There may be 10,000 parts; so that large files fit, the later ones are larger. */
const LATER_PART = 64 * 1024 * 1024;
const LATER = 5_000;

/**
 * A file being written to S3, of any size: it is sent in parts while it comes, one on its way while
 * the next is filled. It is there, whole, when it is closed; until then what was there before stays.
 */
export class S3Upload implements StoreFile {
  #client: S3Client;
  #key: string;
  #parts: Uint8Array[] = [];
  #held = 0;
  #size = 0;
  #id: string | undefined;
  #etags: string[] = [];
  #sending: Promise<void> = Promise.resolve();
  #isAbandoned = false;

  constructor(client: S3Client, key: string) {
    this.#client = client;
    this.#key = key;
  }

  async write(bytes: Uint8Array): Promise<number> {
    this.#parts.push(bytes.slice()); // the caller may use its buffer again
    this.#held += bytes.length;
    this.#size += bytes.length;
    const isFull = this.#held >= (this.#etags.length < LATER ? PART : LATER_PART);
    if (isFull) await this.#send();
    return bytes.length;
  }

  async close(): Promise<void> {
    if (this.#id === undefined) {
      const { headers } = this.#client.config;
      const answer = await this.#client.send({
        method: "PUT",
        key: this.#key,
        headers,
        body: concat(this.#parts),
      });
      return answer.cancel();
    }
    try {
      if (this.#held > 0) await this.#send();
      await this.#sending;
      await this.#complete(this.#id);
    } catch (error) {
      await this.abandon().catch(() => {}); // what failed first is the error to tell
      throw error;
    }
  }

  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    this.#parts = [];
    await this.#sending.catch(() => {}); // it is to be undone
    if (this.#id !== undefined) await this.#abort(this.#id);
  }

  async #abort(uploadId: string): Promise<void> {
    (await this.#client.send({ method: "DELETE", key: this.#key, query: { uploadId } })).cancel();
  }

  read(): Promise<number | null> {
    return Promise.reject(new Error("it is open for writing"));
  }

  seek(): Promise<number> {
    return Promise.resolve(this.#size);
  }

  /** Begins to send what is held, when the part before is sent. */
  async #send(): Promise<void> {
    const body = concat(this.#parts);
    this.#parts = [];
    this.#held = 0;
    this.#id ??= await this.#begin();
    await this.#sending;
    if (this.#isAbandoned) {
      await this.#abort(this.#id);
      throw new Error("it was given up");
    }
    this.#sending = this.#sendPart(this.#id, body);
    this.#sending.catch(() => {}); // told to whoever waits for it next
  }

  async #begin(): Promise<string> {
    const { headers } = this.#client.config;
    const query = { uploads: "" };
    const begun = await this.#client.ask({ method: "POST", key: this.#key, query, headers });
    const id = begun.first("UploadId");
    if (id === undefined) throw new Error("the service answers without an UploadId");
    return id;
  }

  async #sendPart(uploadId: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const query = { partNumber: String(this.#etags.length + 1), uploadId };
    const answer = await this.#client.send({ method: "PUT", key: this.#key, query, body });
    answer.cancel();
    this.#etags.push(answer.headers.get("etag") ?? "");
  }

  async #complete(uploadId: string): Promise<void> {
    const parts = this.#etags.map((etag, index) =>
      `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`
    );
    const body = new TextEncoder().encode(
      `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
        `${parts.join("")}</CompleteMultipartUpload>`,
    );
    await this.#client.ask({ method: "POST", key: this.#key, query: { uploadId }, body });
  }
}
