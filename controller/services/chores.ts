/** Things to be done one after the other, each once however often it is asked for before its turn. */
export class Chores implements AsyncDisposable {
  readonly #carryOut: (key: string) => Promise<void>;
  readonly #due = new Set<string>();
  #working: Promise<void> = Promise.resolve();
  #isWorking = false;
  #isClosed = false;

  /** @param carryOut does one thing; it never throws */
  constructor(carryOut: (key: string) => Promise<void>) {
    this.#carryOut = carryOut;
  }

  /** Asks for a thing to be done. */
  add(key: string): void {
    if (this.#isClosed) return;
    this.#due.add(key);
    if (!this.#isWorking) this.#working = this.#work();
  }

  /** Settles when all is done that was asked for. */
  async done(): Promise<void> {
    await this.#working;
  }

  /** Finishes what is under way, and leaves the rest. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#due.clear();
    await this.#working;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    await new Promise((resolve) => setTimeout(resolve, 0)); // what is asked for at once is done once
    for (const key of this.#due) {
      this.#due.delete(key);
      await this.#carryOut(key);
    }
    this.#isWorking = false; // in the same breath as the last look at what is due
  }
}
