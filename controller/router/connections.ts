import { constants, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { deferDestroy, WINDOW_SIZE } from "@jumpstarter/lib/rpc";
import type { RouterLimits } from "./limits.ts";

/** Rounds in which nothing came from a peer before it counts as gone; it is pinged in the first. */
const SILENT_ROUNDS = 3;

/** A connection of a caller. */
export class Connection {
  /** The caller's address, without the port: each connection has its own. */
  readonly peer: string;
  readonly session: ServerHttp2Session;
  #socket: Socket;
  #limits: RouterLimits;
  #streams = 0;
  #refusals = 0;
  #idleSince = performance.now();
  #bytesRead = 0;
  #silentRounds = 0;

  constructor(session: ServerHttp2Session, socket: Socket, limits: RouterLimits) {
    this.session = session;
    this.#socket = socket;
    this.#limits = limits;
    this.peer = socket.remoteAddress ?? "unknown";
    deferDestroy(session);
    session.setLocalWindowSize(WINDOW_SIZE);
    session.on("stream", (stream) => {
      this.#streams++;
      stream.on("close", () => {
        if (--this.#streams === 0) this.#idleSince = performance.now();
      });
    });
  }

  /** Counts a refused call, and closes the connection that makes too many. */
  countRefusal(): void {
    if (++this.#refusals >= this.#limits.refusalsPerConnection) {
      this.session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      this.session.destroy();
    }
  }

  /** One round of looking after it: whether it is idle for long, silent, or gone. */
  lookAfter(): void {
    const { bytesRead } = this.#socket;
    const isSilent = bytesRead === this.#bytesRead;
    this.#bytesRead = bytesRead;
    this.#silentRounds = isSilent ? this.#silentRounds + 1 : 0;
    if (this.#streams === 0 && performance.now() - this.#idleSince > this.#limits.idleTime) {
      this.session.close();
    } else if (this.#silentRounds >= SILENT_ROUNDS) {
      this.#socket.destroy();
      this.session.destroy();
    } else if (this.#silentRounds === 1) {
      this.session.ping(() => {}); // the answer counts as bytes
    }
  }
}
