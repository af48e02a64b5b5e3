import { ConnectionError, TimeoutError } from "@jumpstarter/lib/errors";
import { type ByteStream, fromConnection } from "@jumpstarter/lib/streams";

/** Milliseconds that a TCP server has to answer. */
export const CONNECT_TIMEOUT = 30_000;

/** Connects to a TCP server; fails with an error that names it. */
export async function connectTcp(hostname: string, port: number): Promise<ByteStream> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), CONNECT_TIMEOUT);
  try {
    const connection = await Deno.connect({ hostname, port, signal: timeout.signal });
    connection.setNoDelay(true);
    return fromConnection(connection);
  } catch (cause) {
    if (timeout.signal.aborted) {
      throw new TimeoutError(
        `${hostname}:${port} does not answer within ${CONNECT_TIMEOUT / 1000} s`,
        { cause },
      );
    }
    throw new ConnectionError(`cannot connect to ${hostname}:${port}: ${reason(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Connects to a Unix socket; fails with an error that names it. */
export async function connectUnix(path: string): Promise<ByteStream> {
  try {
    return fromConnection(await Deno.connect({ transport: "unix", path }));
  } catch (cause) {
    throw new ConnectionError(`cannot connect to ${path}: ${reason(cause)}`, { cause });
  }
}

function reason(cause: unknown): string {
  const { message } = cause as Error;
  // "Connection refused (os error 111)": the number helps nobody.
  return message.replace(/ \(os error \d+\)$/, "").toLowerCase();
}
