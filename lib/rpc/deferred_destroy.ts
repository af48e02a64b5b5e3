import http2, { type Http2Session } from "node:http2";

/**
 * Lets a session free its native state only after the native callback that is running.
 *
 * A session that receives a GOAWAY destroys itself inside the callback that told of it. Deno 2.9
 * frees the memory at once, goes on to read it when the callback returns, and aborts
 * (denoland/deno#36788). The memory is most often reused, and the crash seen, after large transfers.
 */
export function deferDestroy(session: Http2Session): void {
  const destroy = session.destroy.bind(session);
  session.destroy = (...given) => {
    setImmediate(() => destroy(...given));
  };
}

/** The same for every session that this process opens: grpc-js keeps those to itself. */
export function deferDestroyOfClients(): void {
  const { connect } = http2;
  http2.connect = ((...given: Parameters<typeof connect>) => {
    const session = connect(...given);
    deferDestroy(session);
    return session;
  }) as typeof connect;
}
