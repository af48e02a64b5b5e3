/** The largest piece of a pipe that is handed on at once, bytes. */
const PIECE_SIZE = 1024;

/** What a process writes to one of its pipes, as text. The process waits while a piece is not taken. */
export class Output {
  #reader: ReadableStreamBYOBReader;
  #text = "";
  #isEnded = false;
  #onChange: () => void;
  #taken: (() => void) | undefined;

  constructor(pipe: ReadableStream<Uint8Array>, onChange: () => void) {
    this.#reader = pipe.getReader({ mode: "byob" });
    this.#onChange = onChange;
    this.#pump().catch(() => {}).finally(() => { // a pipe that cannot be read is at its end
      this.#isEnded = true;
      onChange();
    });
  }

  /** Whether all of it was taken. */
  get isEnded(): boolean {
    return this.#isEnded && this.#text === "";
  }

  /** Whether there is something to take. */
  get isWaiting(): boolean {
    return this.#text !== "";
  }

  /** What came since the last time. */
  take(): string {
    const text = this.#text;
    this.#text = "";
    this.#taken?.();
    return text;
  }

  /** Reads no more. */
  async close(): Promise<void> {
    await this.#reader.cancel();
    this.take();
  }

  async #pump(): Promise<void> {
    const decoder = new TextDecoder();
    let isDone = false;
    while (!isDone) {
      const { value, done } = await this.#reader.read(new Uint8Array(PIECE_SIZE));
      isDone = done;
      // A character that is cut in two waits for its other half; what is none is replaced.
      this.#text = decoder.decode(value ?? new Uint8Array(), { stream: !done });
      if (this.#text === "") continue;
      const taken = new Promise<void>((resolve) => this.#taken = resolve);
      this.#onChange();
      await taken;
    }
  }
}
