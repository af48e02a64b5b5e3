import { setTimeout as delay } from "node:timers/promises";
import { dataFrame, endFrame, type Frame, meaningOf } from "../codec/frame.ts";
import { ConnectionError } from "../errors.ts";
import type { MessageStream } from "../rpc/message_stream.ts";
import { type ByteStream, CHUNK_SIZE, chunks } from "./byte_stream.ts";

/** Milliseconds by which a call's cancellation comes after the end of its direction. */
const CANCEL_LAG = 100;

/** What a {@linkcode FrameStream} does beside reading and writing frames. */
export interface FrameStreamOptions {
  /** Ending our direction ends the call's direction too. True on the client's side. */
  endsCall: boolean;
  /**
   * Ends when the call is cancelled. Deno ends a call's direction before it cancels the call: one that
   * ends without a frame is given the time to be cancelled, so that half an image is no whole one.
   */
  cancelled?: AbortSignal;
  /** Frees the call. */
  close(): void;
}

/** A byte stream inside a `RouterService.Stream` call, on either side of it. */
export class FrameStream implements ByteStream {
  #messages: MessageStream<Frame, Frame>;
  #options: FrameStreamOptions;
  #isReadEnded = false;
  #isWriteEnded = false;
  #isClosed = false;

  constructor(messages: MessageStream<Frame, Frame>, options: FrameStreamOptions) {
    this.#messages = messages;
    this.#options = options;
  }

  async read(): Promise<Uint8Array | null> {
    while (!this.#isReadEnded) {
      const frame = await this.#messages.read();
      const meaning = frame === null ? "end" : meaningOf(frame);
      if (meaning === "data") return frame!.payload;
      if (frame === null) await this.#confirmEnd();
      if (meaning === "end") this.#isReadEnded = true;
    }
    return null;
  }

  async #confirmEnd(): Promise<void> {
    const { cancelled: signal } = this.#options;
    if (signal === undefined) return;
    await delay(CANCEL_LAG, undefined, { signal }).catch((cause) => {
      throw new ConnectionError("the stream broke off before its end", { cause });
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    if (bytes.length <= CHUNK_SIZE) return await this.#messages.write(dataFrame(bytes));
    for (const chunk of chunks(bytes)) await this.#messages.write(dataFrame(chunk));
  }

  async closeWrite(): Promise<void> {
    if (this.#isWriteEnded || this.#isClosed) return;
    this.#isWriteEnded = true;
    await this.#messages.write(endFrame());
    if (this.#options.endsCall) this.#messages.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#options.close();
    }
    return Promise.resolve();
  }
}
