import { InvalidArgumentError } from "../errors.ts";

/** What the metadata key `request` of `RouterService.Stream` asks an exporter for. */
export type StreamRequestMetadata =
  | { kind: "driver"; uuid: string; method: string }
  | { kind: "resource"; uuid: string; encoding: string | null };

/** The JSON text as peers write it. */
export function formatStreamRequest(request: StreamRequestMetadata): string {
  return JSON.stringify(
    request.kind === "driver"
      ? { kind: "driver", uuid: request.uuid, method: request.method }
      : { kind: "resource", uuid: request.uuid, x_jmp_content_encoding: request.encoding },
  );
}

/** Reads the JSON text; fails with a sentence that says what is missing. */
export function parseStreamRequest(text: string | undefined): StreamRequestMetadata {
  const { kind, uuid, method, x_jmp_content_encoding: encoding = null } = parseObject(text);
  if (typeof uuid !== "string") return refuse("has no uuid");
  if (kind === "driver") {
    return typeof method === "string" ? { kind, uuid, method } : refuse("has no method");
  }
  if (kind === "resource") {
    const isEncoding = encoding === null || typeof encoding === "string";
    return isEncoding ? { kind, uuid, encoding } : refuse("has no valid content encoding");
  }
  return refuse(`has kind ${JSON.stringify(kind)}; known are "driver" and "resource"`);
}

function parseObject(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return refuse("is missing");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidArgumentError("stream request is no JSON", { cause });
  }
  return typeof value === "object" && value !== null
    ? value as Record<string, unknown>
    : refuse("is no JSON object");
}

function refuse(fault: string): never {
  throw new InvalidArgumentError(`the stream request (metadata key "request") ${fault}`);
}
