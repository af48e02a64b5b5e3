import type { IncomingHttpHeaders } from "node:http2";
import { RpcError } from "@jumpstarter/lib/rpc";

/** What a valid token grants: one end of one tunnel. */
export interface TunnelGrant {
  /** The stream id (`sub`), which both ends of a tunnel have. */
  readonly id: string;
  /** When the token ends, milliseconds since the Unix epoch; a tunnel outlives it. */
  readonly expires: number;
  /** The lease that the tunnel belongs to, where the token or the store tells it. */
  readonly leaseName?: string;
}

/** Verifies a token; throws for one that is not valid, with a reason that may be logged. */
export type CheckToken = (token: string) => TunnelGrant | Promise<TunnelGrant>;

/** The bearer token of a call; fails with `UNAUTHENTICATED`. */
export function bearerToken(headers: IncomingHttpHeaders, rawHeaders: readonly string[]): string {
  const refuse = (fault: string) => {
    throw new RpcError("UNAUTHENTICATED", `missing or invalid authorization: ${fault}`);
  };
  const isRepeated = rawHeaders.filter((name, at) => at % 2 === 0 && name === "authorization")
    .length > 1;
  if (isRepeated) return refuse("multiple authorization headers");
  const { authorization } = headers;
  if (authorization === undefined) return refuse("missing authorization header");
  const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  return token ?? refuse("malformed authorization header");
}
