import type { ForwardServerOptions } from "../adapters/forward_server.ts";
import { UnixForward } from "../adapters/unix_forward.ts";
import { openTunnel, type TunnelOptions, type TunnelTicket } from "./tunnel.ts";

/** Gets a ticket for one more tunnel. */
export type Dial = (signal: AbortSignal | undefined) => Promise<TunnelTicket>;

/** Options of {@linkcode listenForTunnels}. */
export interface TunnelSocketOptions extends TunnelOptions, Pick<ForwardServerOptions, "onError"> {
  /** The socket to make; by default one in a new directory that only this user may enter. */
  path?: string;
}

/**
 * Listens on a Unix socket, and joins each connection to a tunnel of its own. A failure, of `dial` or
 * of the tunnel, ends its connection and is told to `onError`.
 *
 * ```ts
 * import { type Dial, listenForTunnels } from "@jumpstarter/lib/tunnel";
 *
 * export async function serve(dial: Dial, ca: string) {
 *   await using socket = await listenForTunnels(dial, { tls: { ca } });
 *   console.log(socket.path); // what JUMPSTARTER_HOST names
 *   await socket.done;
 * }
 * ```
 */
export function listenForTunnels(
  dial: Dial,
  { tls, ...options }: TunnelSocketOptions = {},
): Promise<UnixForward> {
  const source = {
    stream: async (_method?: string, { signal }: { signal?: AbortSignal } = {}) =>
      openTunnel(await dial(signal), {
        ...(tls === undefined ? {} : { tls }),
        ...(signal === undefined ? {} : { signal }),
      }),
  };
  return UnixForward.listen(source, options);
}
