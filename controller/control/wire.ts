/** What controllers and routers of ours say to each other; no part of the protocol of others. */
import { RpcError } from "@jumpstarter/lib/rpc";
import type { Codec, Method } from "@jumpstarter/proto";

/** What a router asks with. */
export interface FollowRequest {
  /** Where clients find the router, `host:port`. */
  readonly endpoint: string;
}

/** What a controller tells of leases. */
export type LeaseNews =
  /** The leases that are in use; the first message of every stream. */
  | { readonly inUse: readonly string[] }
  /** The tunnels of a lease are to be cut; no more are let in when it is over. */
  | { readonly cut: string; readonly reason: string; readonly isOver: boolean };

/** Larger messages are refused, bytes. */
const MAX_SIZE = 4 * 1024 * 1024;

/** JSON, checked by `read`. */
function jsonCodec<T>(typeName: string, read: (value: Record<string, unknown>) => T): Codec<T> {
  return {
    typeName,
    encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
    decode(bytes) {
      try {
        if (bytes.length > MAX_SIZE) throw new Error("it is too large");
        return read(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
      } catch (cause) {
        throw new RpcError("INVALID_ARGUMENT", `the message is no ${typeName}`, { cause });
      }
    },
  };
}

function text(value: unknown): string {
  if (typeof value === "string" && value.length <= 300) return value;
  throw new Error("a text is missing, or too long");
}

const follow: Method<FollowRequest, LeaseNews, false, true> = {
  path: "/jumpstarter.deno.v1.RouterControl/Follow",
  requestStream: false,
  responseStream: true,
  request: jsonCodec("FollowRequest", ({ endpoint }) => ({ endpoint: text(endpoint) })),
  response: jsonCodec("LeaseNews", ({ inUse, cut, reason, isOver }): LeaseNews => {
    if (Array.isArray(inUse)) return { inUse: inUse.map(text) };
    return { cut: text(cut), reason: text(reason), isOver: isOver === true };
  }),
};

/** The service that routers follow. */
export const CONTROL_SERVICE: {
  readonly follow: Method<FollowRequest, LeaseNews, false, true>;
} = { follow };
