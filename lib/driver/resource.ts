import { webUrl } from "../streams/web_url.ts";
import type { Result, Schema } from "./schema.ts";

/** How a file is compressed where it lies, on the client's side. */
export type ContentEncoding = "gzip" | "xz" | "bz2" | "zstd";

/** Every content encoding that the protocol names. */
export const CONTENT_ENCODINGS: readonly ContentEncoding[] = ["gzip", "xz", "bz2", "zstd"];

/** A byte stream that the client has opened beside the call. */
export interface ClientStreamHandle {
  /** Tells the two kinds apart. */
  kind: "client_stream";
  /** Names the stream; it can be used once. */
  uuid: string;
  /** How the bytes are compressed; `null` for plain. */
  x_jmp_content_encoding: ContentEncoding | null;
}

/** An HTTP request that the exporter makes itself. */
export interface PresignedRequestHandle {
  /** Tells the two kinds apart. */
  kind: "presigned_request";
  /** Where to send the request. */
  url: string;
  /** `GET` to read, `PUT` to write. */
  method: "GET" | "PUT";
  /** Headers that must go with it. */
  headers: Record<string, string>;
}

/** What a driver method takes where bulk data goes in or out: it names the data, it is not the data. */
export type ResourceHandle = ClientStreamHandle | PresignedRequestHandle;

/** Checks a {@linkcode ResourceHandle} among the arguments of an exported method. */
export const resourceHandle: Schema<ResourceHandle> = {
  "~standard": { version: 1, vendor: "jumpstarter", validate },
};

function validate(value: unknown): Result<ResourceHandle> {
  const handle = value as Record<string, unknown> | null;
  if (typeof handle !== "object" || handle === null) return refuse("is no resource handle");
  const check = checks[String(handle.kind)];
  if (check === undefined) {
    return refuse(`has kind ${JSON.stringify(handle.kind)}; known are ${Object.keys(checks)}`);
  }
  const fault = check(handle);
  return fault === undefined ? { value: handle as unknown as ResourceHandle } : refuse(fault);
}

const checks: Record<string, (handle: Record<string, unknown>) => string | undefined> = {
  client_stream(handle) {
    handle.x_jmp_content_encoding ??= null;
    const encoding = handle.x_jmp_content_encoding;
    if (typeof handle.uuid !== "string") return "has no uuid";
    if (encoding !== null && !CONTENT_ENCODINGS.includes(encoding as ContentEncoding)) {
      return `has content encoding ${JSON.stringify(encoding)}; known are ${CONTENT_ENCODINGS}`;
    }
    return undefined;
  },
  presigned_request(handle) {
    const { url, method, headers } = handle;
    if (webUrl(url) === undefined || !URL.canParse(url as string)) {
      return "has no url that begins with http: or https:";
    }
    if (method !== "GET" && method !== "PUT") return "has a method other than GET or PUT";
    const isMap = typeof headers === "object" && headers !== null &&
      Object.values(headers).every((header) => typeof header === "string");
    return isMap ? undefined : "has no headers";
  },
};

function refuse(fault: string): Result<ResourceHandle> {
  return { issues: [{ message: `the resource ${fault}` }] };
}
