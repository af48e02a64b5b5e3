import type { Duplex } from "node:stream";
import { callError } from "./call_error.ts";
import { RpcError, statusOf } from "./status.ts";

/**
 * The two directions of a streaming call as plain reads and writes, the same on the client's and on
 * the server's side. Both directions feel the other side's backpressure.
 */
export class MessageStream<In, Out> {
  #stream: Duplex;
  #failure: Error | undefined;
  /** Messages handed to the stream that are not on their way yet. */
  #underway = 0;
  #isEnded = false;
  #isClosed = false;
  #readers: (() => void)[] = [];
  #wakeWriter: (() => void) | undefined;

  /** `explain` makes the error that reads and writes fail with when the call breaks. */
  constructor(stream: Duplex, explain: (error: RpcError) => Error = (error) => error) {
    this.#stream = stream;
    const wake = () => {
      this.#wakeReaders();
      this.#wakeWriter?.();
    };
    stream.on("readable", () => this.#wakeReaders());
    stream.on("drain", () => this.#wakeWriter?.());
    stream.on("end", () => {
      this.#isEnded = true;
      wake();
    });
    stream.on("error", (error: Error & { code?: unknown }) => {
      this.#failure ??= typeof error.code === "number" ? explain(callError(error)) : error;
      wake();
    });
    stream.on("cancelled", () => {
      this.#failure ??= new RpcError("CANCELLED", "the other side cancelled the stream");
      wake();
    });
    const close = () => {
      this.#isClosed = true;
      wake();
    };
    stream.on("close", close);
    // The other side has ended the call: on the client's side, that alone closes nothing.
    stream.on("status", close);
  }

  /** The next message; `null` once the other side has half-closed. Fails when the call broke. */
  async read(): Promise<In | null> {
    for (;;) {
      const message = this.#stream.read() as In | null;
      if (message !== null) return message;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isEnded || this.#isClosed) return null;
      await new Promise<void>((wake) => this.#readers.push(wake));
    }
  }

  /** Sends a message; settles when the stream can take more. */
  async write(message: Out): Promise<void> {
    this.#assertWritable();
    this.#underway++;
    if (this.#stream.write(message, () => this.#settled())) return;
    // The flag is read before waiting, so that a drain in between is not missed.
    while (this.#stream.writableNeedDrain) {
      this.#assertWritable();
      await new Promise<void>((wake) => this.#wakeWriter = wake);
    }
  }

  /** Ends our direction; on the server's side this completes the call. */
  end(): void {
    if (!this.#stream.writableEnded && !this.#isClosed) this.#stream.end();
  }

  /**
   * Ends the call with an error's status; on the server's side only. What was written before is
   * delivered first: grpc-js would drop what it has not sent yet.
   */
  async fail(error: unknown): Promise<void> {
    while (this.#underway > 0 && this.#failure === undefined && !this.#isClosed) {
      await new Promise<void>((wake) => this.#wakeWriter = wake);
    }
    if (this.#failure === undefined) this.#stream.emit("error", statusOf(error));
  }

  /** Lets all look again; somebody may have given up a read, and never take its message. */
  #wakeReaders(): void {
    for (const wake of this.#readers.splice(0)) wake();
  }

  #settled(): void {
    this.#underway--;
    this.#wakeWriter?.();
  }

  #assertWritable(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isClosed || this.#stream.writableEnded) {
      throw new RpcError("CANCELLED", "the stream is closed");
    }
  }
}
