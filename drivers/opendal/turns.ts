/** How long to wait for who is at work already, milliseconds. */
const GRACE = 500;

/** Lets one work on a thing at a time: a second one is refused, unless the first is just leaving. */
export class Turns {
  #underway = new Map<string, Promise<unknown>>();
  #refusal: (name: string) => Error;

  /** `refusal` makes the error for who comes second. */
  constructor(refusal: (name: string) => Error) {
    this.#refusal = refusal;
  }

  /** Works on the thing of that name. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    for (;;) {
      const before = this.#underway.get(name);
      if (before === undefined) break;
      // A client that has just been cancelled may come back before its last call has ended.
      if (!await settles(before, GRACE)) throw this.#refusal(name);
    }
    const done = work();
    this.#underway.set(name, done);
    try {
      return await done;
    } finally {
      this.#underway.delete(name);
    }
  }
}

/** Whether work comes to an end in so many milliseconds. */
function settles(work: Promise<unknown>, within: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), within);
    work.catch(() => {}).finally(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
