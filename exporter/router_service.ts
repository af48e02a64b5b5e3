import { setTimeout as delay } from "node:timers/promises";
import type { RouterService } from "@jumpstarter/proto";
import { parseStreamRequest } from "@jumpstarter/lib/codec";
import { type Handlers, RpcError, type ServerCall } from "@jumpstarter/lib/rpc";
import { type ByteStream, forward, FrameStream } from "@jumpstarter/lib/streams";
import { findDriver, openBytes } from "./dispatch.ts";
import { isSupported } from "./resources.ts";
import type { Session } from "./session.ts";

/** How long a client may take to end its direction of a resource after ours, ms. */
const LINGER = 10_000;

/** The byte streams of one session: to drivers, and beside calls. */
export function routerHandlers(session: Session): Handlers<typeof RouterService> {
  return { stream: (messages, call) => serve(session, messages as Messages, call) };
}

type Messages = ConstructorParameters<typeof FrameStream>[0];

async function serve(session: Session, messages: Messages, call: ServerCall): Promise<void> {
  const request = parse(call.header("request"));
  const finished = Promise.withResolvers<void>();
  call.signal.addEventListener("abort", () => finished.resolve());
  const client = new FrameStream(messages, {
    endsCall: false,
    ...(request.kind === "resource" ? { cancelled: call.signal } : {}),
    close: finished.resolve,
  });
  if (request.kind === "driver") {
    const device = await openBytes(session, request.uuid, request.method);
    // Before any frame: the client waits for the headers.
    call.sendHeaders();
    await bridge(client, device, call.signal);
  } else {
    await offer(session, request, client, call, finished.promise);
  }
}

/** Copies until both sides have ended. A client that cancels is done, that is no failure. */
async function bridge(client: ByteStream, device: ByteStream, signal: AbortSignal): Promise<void> {
  try {
    await forward(client, device, { signal });
  } catch (error) {
    if (signal.aborted) return;
    throw new RpcError("ABORTED", error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

async function offer(
  session: Session,
  request: { uuid: string; encoding: string | null },
  client: FrameStream,
  call: ServerCall,
  finished: Promise<void>,
): Promise<void> {
  const driver = findDriver(session, request.uuid);
  const { encoding } = request;
  const uuid = session.resources.offer(driver, ended(client));
  call.sendHeaders({
    resource: JSON.stringify({ kind: "client_stream", uuid, x_jmp_content_encoding: encoding }),
    // Left out where we do not decode: the client then sends plain bytes.
    ...(encoding === null || isSupported(encoding)
      ? { x_jmp_accept_encoding: encoding ?? "" }
      : {}),
  });
  await finished;
  session.resources.withdraw(uuid);
  // The driver may still be reading what came of a call that is cancelled.
  if (!call.signal.aborted) await endOf(client);
}

/**
 * Waits until a client has ended its direction, too; one that sends more has no need to be waited
 * for. A stock client whose end comes too late for the call fails, and forgets what it has not read.
 */
async function endOf(client: FrameStream): Promise<void> {
  const waited = new AbortController();
  const patience = delay(LINGER, undefined, { signal: waited.signal });
  await Promise.race([client.read(), patience]).catch(() => {}); // it has left
  waited.abort();
}

/** A resource whose release ends our direction, which tells the client that the driver is done. */
function ended(client: FrameStream): ByteStream {
  return {
    read: () => client.read(),
    write: (bytes) => client.write(bytes),
    closeWrite: () => client.closeWrite(),
    async [Symbol.asyncDispose]() {
      await client.closeWrite().catch(() => {}); // the client may be gone
      await client[Symbol.asyncDispose]();
    },
  };
}

/** A malformed request is UNKNOWN to clients, as from the peer. */
function parse(header: string | undefined): ReturnType<typeof parseStreamRequest> {
  try {
    return parseStreamRequest(header);
  } catch (error) {
    throw new RpcError("UNKNOWN", (error as Error).message, { cause: error });
  }
}
