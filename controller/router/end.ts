import { constants, type ServerHttp2Stream } from "node:http2";
import { Status, type StatusName } from "@jumpstarter/lib/rpc";
import { GOAWAY, MessageEdges } from "./message_edges.ts";

/** How a call ends. */
export interface Ending {
  status: StatusName;
  /** Text for whoever reads the status; none by default. */
  details?: string;
  /** Milliseconds that the caller has to take what was sent before. */
  patience: number;
}

/** One end of a tunnel: a call of `RouterService.Stream` that was let in. */
export class End {
  /** Where the caller is. */
  readonly peer: string;
  #stream: ServerHttp2Stream;
  #sent = new MessageEdges();
  #isFinished = false;
  /** When the call is reset if it is not over, as `performance.now` counts. */
  #deadline = Infinity;

  /** Answers the call; what it sends waits in its window until {@linkcode carryTo}. */
  constructor(stream: ServerHttp2Stream, peer: string) {
    this.#stream = stream;
    this.peer = peer;
    stream.respond(
      { ":status": 200, "content-type": "application/grpc" },
      { waitForTrailers: true },
    );
  }

  /** Whether the call is over, by whoever's doing. */
  get isClosed(): boolean {
    return this.#stream.closed || this.#stream.destroyed;
  }

  /** Calls back when the call is over. */
  onClose(callback: () => void): void {
    this.#stream.on("close", callback);
  }

  /**
   * Sends to another end what comes from this one, as fast as that one takes it. `ended` is called
   * when the caller has ended its direction, `carried` with the size of what was sent.
   */
  carryTo(to: End, ended: () => void, carried: (size: number) => void): void {
    const from = this.#stream;
    const take = (chunk: Uint8Array) => {
      if (to.#isFinished) return;
      carried(chunk.length);
      to.#sent.follow(chunk);
      if (!to.#stream.write(chunk)) from.pause();
    };
    to.#stream.on("drain", () => from.resume());
    from.on("data", take);
    // A direction without a byte ends before anybody reads.
    if (from.readableEnded) ended();
    else from.on("end", ended);
    // A caller may send its last bytes and be gone: what has come still counts.
    from.on("close", () => {
      for (let rest = from.read(); rest !== null; rest = from.read()) take(rest);
    });
  }

  /** Tells the caller that the other direction has ended, unless that was told already. */
  sendEnd(): void {
    if (this.#isFinished || this.isClosed || !this.#sent.isAtEdge || this.#sent.isEnded) return;
    this.#sent.follow(GOAWAY);
    this.#stream.write(GOAWAY);
  }

  /**
   * Ends the call. Python peers hold on to a stream that is broken, and let go of one that has ended:
   * so the end of the direction goes before the status; where it cannot, inside a message, the status
   * is OK. What is cut off shows in the HTTP/2 that tunnels carry.
   */
  finish({ status, details = "", patience }: Ending): void {
    if (this.isClosed) return;
    this.#closeWithin(patience);
    if (this.#isFinished) return;
    this.sendEnd();
    this.#isFinished = true;
    const stream = this.#stream;
    const trailers = trailersOf(this.#sent.isAtEdge ? status : "OK", details);
    stream.on("wantTrailers", () => {
      stream.sendTrailers(trailers);
      discard(stream);
    });
    stream.resume();
    stream.end();
  }

  /** Resets the call unless it is over by then; the shortest time counts. */
  #closeWithin(patience: number): void {
    const deadline = performance.now() + patience;
    if (deadline >= this.#deadline) return;
    this.#deadline = deadline;
    const late = setTimeout(() => this.#stream.close(constants.NGHTTP2_CANCEL), patience);
    this.#stream.on("close", () => clearTimeout(late));
  }
}

/** Milliseconds that a caller has to end its direction after its call has ended. */
const DISCARD_TIME = 500;

/**
 * Throws away what a caller still sends after its call has ended, and resets the stream of one that
 * goes on. Not at once: a reset overtakes the trailers that are on their way.
 */
export function discard(stream: ServerHttp2Stream): void {
  stream.resume();
  const late = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), DISCARD_TIME);
  stream.on("close", () => clearTimeout(late));
}

/** The headers that end a call, as gRPC has them. */
export function trailersOf(status: StatusName, details: string): Record<string, string> {
  return {
    "grpc-status": String(Status[status]),
    ...(details === ""
      ? {}
      : { "grpc-message": details.replace(/[^\x20-\x7e]|%/gu, encodeURIComponent) }),
  };
}
