import { fileChanges } from "@jumpstarter/lib/config";

/** How often files are looked at, ms. They may lie beside the store: events would tell of each write. */
const LOOK_INTERVAL = 1_000;

/** What a {@linkcode FollowedFiles} takes. */
export interface FollowOptions {
  /** The files. */
  readonly paths: readonly string[];
  /** Takes what the files say from now on; a rejection leaves all as it was. */
  readonly take: () => Promise<void>;
  /** Is told of what is not taken. */
  readonly refused: (error: Error) => void;
}

/** Files that are taken anew whenever one of them changes; what is wrong is not taken. */
export class FollowedFiles implements AsyncDisposable {
  readonly #options: FollowOptions;
  readonly #over = new AbortController();
  readonly #watching: Promise<unknown>;
  #taking: Promise<void> = Promise.resolve();
  #isDue = false;

  /** Follows files from now on. */
  constructor(options: FollowOptions) {
    this.#options = options;
    this.#watching = Promise.all(options.paths.map((path) => this.#watch(path)));
  }

  /** Takes them anew as well, unless that is due already. */
  again(): void {
    if (this.#isDue || this.#over.signal.aborted) return;
    this.#isDue = true;
    this.#taking = this.#taking.then(async () => {
      this.#isDue = false;
      await this.#options.take().catch(this.#options.refused);
    });
  }

  async #watch(path: string): Promise<void> {
    const changes = fileChanges(path, this.#over.signal, {
      events: false,
      lookInterval: LOOK_INTERVAL,
    });
    for await (const _ of changes) this.again();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#watching;
    await this.#taking;
  }
}
