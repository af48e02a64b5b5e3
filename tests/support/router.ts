/** A router whose tokens are the ids of tunnels, and both ends of tunnels through it. */
import { Router, type RouterOptions } from "@jumpstarter/controller/router";
import {
  type Endpoint,
  formatEndpoint,
  RpcError,
  type StatusName,
  type TlsIdentity,
} from "@jumpstarter/lib/rpc";
import type { ByteStream } from "@jumpstarter/lib/streams";
import { openTunnel, type TunnelOptions, type TunnelTicket } from "@jumpstarter/lib/tunnel";

const HOUR = 3_600_000;

/** What a test's router takes beside what every router takes. */
export interface TestRouterOptions extends Partial<RouterOptions> {
  tls?: TlsIdentity;
}

/** A router that listens on this machine. */
export interface TestRouter extends AsyncDisposable {
  readonly router: Router;
  readonly endpoint: Endpoint & { kind: "tcp" };
  /** What both ends of the tunnel with an id hold. */
  ticket(id: string): TunnelTicket;
  /** Both ends of a tunnel. */
  tunnel(id: string, options?: TunnelOptions): [ByteStream, ByteStream];
}

/** Starts a router. A token `LEASE/ID` belongs to a lease; one that begins with `bad` is refused. */
export async function startRouter(
  { tls, ...options }: TestRouterOptions = {},
): Promise<TestRouter> {
  const router = new Router({ checkToken, ...options });
  const asked = { kind: "tcp", hostname: "localhost", port: 0 } as const;
  const endpoint = await router.listen(asked, tls === undefined ? {} : { tls }) as typeof asked;
  const ticket = (id: string) => ({ routerEndpoint: formatEndpoint(endpoint), routerToken: id });
  return {
    router,
    endpoint,
    ticket,
    tunnel: (id, options) => [openTunnel(ticket(id), options), openTunnel(ticket(id), options)],
    [Symbol.asyncDispose]: () => router.close(),
  };
}

function checkToken(token: string): { id: string; expires: number; leaseName?: string } {
  if (token.startsWith("bad")) throw new Error("the signature does not fit");
  const [leaseName] = token.split("/");
  return { id: token, expires: Date.now() + HOUR, leaseName: leaseName! };
}

/** Whether a tunnel's error comes from a call that ended with a status. */
export function withStatus(status: StatusName): (error: Error) => boolean {
  return ({ cause }) => cause instanceof RpcError && cause.status === status;
}
