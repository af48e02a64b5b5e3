import { RouterService, type StreamRequest, type StreamResponse } from "@jumpstarter/proto";
import { ConnectionError } from "../errors.ts";
import { Channel, type ChannelOptions, type DuplexCall } from "../rpc/channel.ts";
import type { MessageStream } from "../rpc/message_stream.ts";
import { metadataValue } from "../rpc/metadata_value.ts";
import type { Frame } from "../codec/frame.ts";
import type { ByteStream } from "../streams/byte_stream.ts";
import { FrameStream } from "../streams/frame_stream.ts";
import { withinTime } from "../streams/within_time.ts";
import { parseTarget } from "./target.ts";

/** Milliseconds that a router has to end a call whose two directions have ended. */
const END_TIME = 1_000;

/** What `Dial` answers a client and `Listen` tells an exporter: one end of one tunnel. */
export interface TunnelTicket {
  /** Where the router is, `host:port`. */
  readonly routerEndpoint: string;
  /** What lets us in; the other end holds the same. Never logged. */
  readonly routerToken: string;
}

/** Options of {@linkcode openTunnel}. */
export interface TunnelOptions {
  /** Speaks TLS and verifies the router, as peers demand; plaintext without it. */
  tls?: NonNullable<ChannelOptions["tls"]>;
  /** Closes the tunnel. */
  signal?: AbortSignal;
}

/**
 * Opens a tunnel. It can be written to at once: whether the router lets us in, and the other end
 * comes, shows when it is read. Reads and writes fail with `ConnectionError`. Fails with `UsageError`
 * when the token is none.
 *
 * ```ts
 * import { openTunnel, type TunnelTicket } from "@jumpstarter/lib/tunnel";
 *
 * export async function greet(ticket: TunnelTicket, ca: string) {
 *   await using tunnel = openTunnel(ticket, { tls: { ca } });
 *   await tunnel.write(new TextEncoder().encode("hello\n"));
 *   await tunnel.closeWrite();
 *   console.log(await tunnel.read());
 * }
 * ```
 */
export function openTunnel(ticket: TunnelTicket, options: TunnelOptions = {}): ByteStream {
  const { routerEndpoint } = ticket;
  const routerToken = metadataValue("the router token", ticket.routerToken);
  const channel = new Channel(
    parseTarget(routerEndpoint),
    options.tls === undefined ? {} : { tls: options.tls },
  );
  const call = channel.duplex(RouterService.stream, {
    metadata: { authorization: `Bearer ${routerToken}` },
    explain: (cause) =>
      new ConnectionError(`the tunnel through ${routerEndpoint} broke: ${cause.details}`, {
        cause,
      }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return new Tunnel(channel, call);
}

class Tunnel implements ByteStream {
  #channel: Channel;
  #call: DuplexCall<Partial<StreamRequest>, StreamResponse>;
  #frames: FrameStream;
  #isWriteEnded = false;
  /** Settles when the router has ended the call; it is awaited from the end of reading on. */
  #over: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(channel: Channel, call: DuplexCall<Partial<StreamRequest>, StreamResponse>) {
    this.#channel = channel;
    this.#call = call;
    const messages = call.messages as MessageStream<Frame, Frame>;
    this.#frames = new FrameStream(messages, { endsCall: true, close: () => call.cancel() });
  }

  async read(): Promise<Uint8Array | null> {
    const chunk = await this.#frames.read();
    // The call's end shows to who reads only, and a writer that waits must have it.
    if (chunk === null) this.#over ??= this.#readToEnd();
    return chunk;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#frames.write(bytes);
  }

  async closeWrite(): Promise<void> {
    await this.#frames.closeWrite();
    this.#isWriteEnded = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    // Cancelling would take back what we sent and is still on its way.
    if (this.#isWriteEnded && this.#over !== undefined) await withinTime(this.#over, END_TIME);
    await this.#frames[Symbol.asyncDispose]();
    this.#channel[Symbol.dispose]();
  }

  async #readToEnd(): Promise<void> {
    try {
      while (await this.#call.messages.read() !== null);
    } catch {
      // The direction has ended before; writes fail with this.
    }
  }
}
