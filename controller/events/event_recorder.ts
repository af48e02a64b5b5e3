import { formatTime } from "@jumpstarter/lib/lease";
import { type LabEvent, NotFoundError, type Store, type StoredObject } from "../store/mod.ts";
import type { Happening } from "./happening.ts";

/** How much is told and kept. */
export interface EventLimits {
  /** How long an event is kept after it happened last, ms: an hour, as in a cluster. */
  readonly age: number;
  /** Events kept; the oldest go first. */
  readonly events: number;
  /** Events that wait to be stored; more are dropped. */
  readonly waiting: number;
  /** How often old ones are looked for, ms. */
  readonly round: number;
}

const MINUTE = 60_000;
const LIMITS: EventLimits = { age: 60 * MINUTE, events: 5_000, waiting: 1_000, round: 10 * MINUTE };
/** What the schema takes of a message, characters. */
const MAX_MESSAGE = 1_024;
/** What the name of an event keeps of the name of its object, characters. */
const MAX_NAME = 200;

/** What an {@linkcode EventRecorder} takes. */
export interface EventRecorderOptions {
  /** Where events are kept. */
  readonly store: Store;
  /** The namespace. */
  readonly namespace: string;
  /** Takes what there is to tell of failures. */
  readonly log: (
    severity: "WARNING",
    message: string,
    fields: Readonly<Record<string, string | number>>,
  ) => void;
  /** Bounds that differ from the default. */
  readonly limits?: Partial<EventLimits>;
  /** The time, ms since 1970. */
  readonly now?: () => number;
}

/** Tells what happens to objects, in the background: nobody waits for it, and nothing fails with it. */
export class EventRecorder implements AsyncDisposable {
  readonly #options: EventRecorderOptions;
  readonly #limits: EventLimits;
  readonly #now: () => number;
  /** What is stored, by what it says: what happens again is counted. */
  #known = new Map<string, LabEvent>();
  #waiting: LabEvent[] = [];
  #work: Promise<void> = Promise.resolve();
  #isWorking = false;
  readonly #round: ReturnType<typeof setInterval>;

  private constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#now = options.now ?? Date.now;
    this.#round = setInterval(() => this.#then(() => this.#forget()), this.#limits.round);
  }

  /** Takes up what is stored already. */
  static async open(options: EventRecorderOptions): Promise<EventRecorder> {
    const recorder = new EventRecorder(options);
    recorder.#then(() => recorder.#forget());
    await recorder.#work;
    return recorder;
  }

  /** Tells something about an object; it is stored soon. */
  tell({ apiVersion, kind, metadata }: StoredObject, happening: Happening): void {
    if (this.#waiting.length >= this.#limits.waiting) return;
    const { type, reason, message, component } = happening;
    const { namespace, name, uid } = metadata;
    const time = formatTime(Math.floor(this.#now() / 1_000) * 1_000);
    this.#waiting.push({
      metadata: { namespace, generateName: `${name.slice(0, MAX_NAME)}.` },
      involvedObject: { apiVersion, kind, namespace, name, uid },
      type,
      reason,
      message: message.slice(0, MAX_MESSAGE),
      source: { component },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    } as unknown as LabEvent);
    if (!this.#isWorking) this.#then(() => this.#storeAll());
  }

  /** Stores what waits, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#round);
    await this.#work;
  }

  /** Does something after all else, whatever becomes of that. */
  #then(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error) => {
      this.#options.log("WARNING", "cannot keep events", { error: String(error) });
    });
  }

  async #storeAll(): Promise<void> {
    this.#isWorking = true;
    try {
      for (let event; (event = this.#waiting.shift()) !== undefined;) await this.#store(event);
    } finally {
      this.#isWorking = false;
    }
  }

  async #store(event: LabEvent): Promise<void> {
    const { events } = this.#options.store;
    const key = keyOf(event);
    const known = this.#known.get(key);
    if (known !== undefined) {
      const { namespace, name } = known.metadata;
      const again = { count: (known.count ?? 1) + 1, lastTimestamp: event.lastTimestamp };
      try {
        this.#known.set(key, await events.patch(namespace, name, again));
        return;
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error; // deleted: it is told anew
      }
    }
    this.#known.set(key, await events.create(event));
  }

  /** Deletes what is old, or too much. */
  async #forget(): Promise<void> {
    const { store: { events }, namespace } = this.#options;
    const { items } = await events.list({ namespace });
    const newest = items.toSorted((a, b) => timeOf(b) - timeOf(a));
    const oldest = this.#now() - this.#limits.age;
    const kept = newest.slice(0, this.#limits.events).filter((event) => timeOf(event) >= oldest);
    for (const { metadata: { namespace, name } } of newest.slice(kept.length)) {
      await events.delete(namespace, name).catch((error) => {
        if (!(error instanceof NotFoundError)) throw error;
      });
    }
    this.#known = new Map(kept.map((event) => [keyOf(event), event]));
  }
}

function keyOf({ involvedObject, type, reason, message }: LabEvent): string {
  return JSON.stringify([involvedObject.uid, type, reason, message]);
}

/** When an event happened last; one of unknown time is old. */
function timeOf({ lastTimestamp }: LabEvent): number {
  return Date.parse(lastTimestamp ?? "") || 0;
}
