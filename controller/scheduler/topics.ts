/** Wakes whoever waits for news of one thing among many. */
export class Topics {
  readonly #followers = new Map<string, Set<News>>();

  /** Follows a topic; what happens from now on is news. */
  follow(topic: string): News {
    const news = new News(() => {
      const followers = this.#followers.get(topic);
      if (followers?.delete(news) && followers.size === 0) this.#followers.delete(topic);
    });
    const followers = this.#followers.get(topic);
    if (followers === undefined) this.#followers.set(topic, new Set([news]));
    else followers.add(news);
    return news;
  }

  /** Tells those who follow a topic. */
  tell(topic: string): void {
    for (const news of this.#followers.get(topic) ?? []) news.arrive();
  }
}

/** News of one topic, for one reader; dispose it to hear no more. */
export class News implements Disposable {
  readonly #leave: () => void;
  #isNew = false;
  #wake: () => void = () => {};

  constructor(leave: () => void) {
    this.#leave = leave;
  }

  /** Something happened. */
  arrive(): void {
    this.#isNew = true;
    this.#wake();
  }

  /** Settles once something happened since the last time, or the signal is aborted. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.#isNew && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      signal.addEventListener("abort", this.#wake);
      await promise;
      signal.removeEventListener("abort", this.#wake);
    }
    this.#isNew = false;
  }

  [Symbol.dispose](): void {
    this.#leave();
  }
}
