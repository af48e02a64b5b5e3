import { isObject, type JsonObject } from "../store/mod.ts";
import { ApiError } from "./api_error.ts";

/** The largest body, in bytes; the API server's own limit. */
export const MAX_BODY = 3 * 1024 * 1024;
/** How deep values may lie in each other; no object of ours comes near. */
const MAX_DEPTH = 100;
/** The time a body may take, milliseconds. */
const BODY_TIME = 30_000;

/** Reads the body of a request as JSON, whatever its type says; undefined when it is empty. */
export function readJson(request: Request): Promise<unknown> {
  return readValue(request, "JSON", JSON.parse);
}

/** Reads the body of a request as a YAML map. */
export async function readYamlObject(request: Request): Promise<JsonObject> {
  const { parse } = await import("yaml");
  const value = await readValue(request, "YAML", (text) => parse(text));
  if (isObject(value)) return value;
  throw new ApiError("BadRequest", "the body of the request is not a YAML map");
}

async function readValue(
  request: Request,
  format: string,
  parse: (text: string) => unknown,
): Promise<unknown> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  let value: unknown;
  try {
    value = parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ApiError("BadRequest", `the body of the request is not ${format}: ${why}`);
  }
  checkDepth(value);
  return value;
}

/** Reads the body of a request as a JSON object. */
export async function readObject(request: Request): Promise<JsonObject> {
  const value = await readJson(request);
  if (isObject(value)) return value;
  throw new ApiError("BadRequest", "the body of the request is not a JSON object");
}

/** The media type of a body, without parameters; JSON unless given. */
export function mediaTypeOf(request: Request): string {
  const [type = ""] = (request.headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase() || "application/json";
}

/** Refuses a body that is not JSON. */
export function requireJson(request: Request): void {
  if (mediaTypeOf(request) === "application/json") return;
  throw unknownFormat(["application/json"]);
}

/** Refuses a body of a type that is not taken here. */
export function unknownFormat(accepted: readonly string[]): ApiError {
  return new ApiError(
    "UnsupportedMediaType",
    "the body of the request was in an unknown format - accepted media types include: " +
      accepted.join(", "),
  );
}

/** Reads the body of a request, as far as it is not too large and does not take too long. */
export async function readBytes({ body, headers }: Request): Promise<Uint8Array> {
  const tooLarge = () =>
    new ApiError("RequestEntityTooLarge", `Request entity too large: limit is ${MAX_BODY}`);
  if (Number(headers.get("content-length") ?? 0) > MAX_BODY) throw tooLarge();
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new ApiError("Timeout", `the body takes longer than ${BODY_TIME / 1000} s`)),
    BODY_TIME,
  );
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) break;
      size += value.length;
      if (size > MAX_BODY) throw tooLarge();
      chunks.push(value);
    }
  } finally {
    clearTimeout(timer);
    // What is left is nobody's: its end, or its failure, changes nothing.
    reader.cancel().catch(() => {});
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Walks without recursion, so that depth cannot end the process before it is refused. */
function checkDepth(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new ApiError("BadRequest", `the body is nested more than ${MAX_DEPTH} levels deep`);
    }
    level = level.flatMap((one) =>
      typeof one === "object" && one !== null ? Object.values(one) : []
    );
  }
}
