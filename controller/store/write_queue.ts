/** How long one transaction may gather writes before the loop gets its turn, milliseconds. */
const TURN = 4;

/** What the queue does around writes. */
export interface Transaction {
  /** How many changes were written since `begin`. */
  changes(): number;
  /** Begins. */
  begin(): void;
  /** Makes what was written since last for ever; throws when that fails. */
  commit(): void;
  /** Undoes what was written since `begin`. */
  rollback(): void;
}

interface Job {
  run(): void;
  settle(): void;
  fail(error: unknown): void;
}

/**
 * Does writes one after the other, in the order they were asked for. Those that wait together share
 * a transaction, and so one sync of the disk; many do not keep the loop from other things for long.
 *
 * A job that throws before it wrote anything fails alone; after that, its transaction is undone, and
 * all who are in it fail.
 */
export class WriteQueue {
  readonly #transaction: Transaction;
  readonly #waiting: Job[] = [];
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  /** Does a write; the promise is kept when the write is on the disk. */
  write<R>(work: () => R): Promise<R> {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    const transaction = this.#transaction;
    let settle = () => {};
    this.#waiting.push({
      run() {
        const changes = transaction.changes();
        try {
          const result = work();
          settle = () => resolve(result);
        } catch (error) {
          if (transaction.changes() !== changes) throw error;
          settle = () => reject(error);
        }
      },
      settle: () => settle(),
      fail: reject,
    });
    if (this.#idle === undefined) {
      this.#idle = Promise.withResolvers();
      queueMicrotask(() => this.#turn());
    }
    return promise;
  }

  /** Waits until everything that was asked for is done. */
  async drained(): Promise<void> {
    await this.#idle?.promise;
  }

  #turn(): void {
    const done: Job[] = [];
    const end = performance.now() + TURN;
    try {
      this.#transaction.begin();
      do {
        const job = this.#waiting.shift();
        if (job === undefined) break;
        done.push(job);
        job.run();
      } while (performance.now() < end);
      this.#transaction.commit();
    } catch (error) {
      // It cannot be begun: nobody who waits can be served.
      if (done.length === 0) done.push(...this.#waiting.splice(0));
      this.#rollback();
      for (const job of done) job.fail(error);
      done.length = 0;
    }
    for (const job of done) job.settle();
    if (this.#waiting.length > 0) setTimeout(() => this.#turn(), 0);
    else {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }

  /** A transaction that failed may be over already; the first error is the one to tell. */
  #rollback(): void {
    try {
      this.#transaction.rollback();
    } catch {
      // Over already.
    }
  }
}
