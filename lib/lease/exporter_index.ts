import type { Exporter } from "./objects.ts";
import { matchesLabels, type Selector } from "./selector.ts";

/**
 * The exporters of a lab, by name and by label, so that a selector is answered without looking at
 * every one of them. Whoever owns the index tells it of every change.
 */
export class ExporterIndex {
  readonly #byName = new Map<string, Exporter>();
  readonly #byLabel = new Map<string, Set<string>>();

  constructor(exporters: Iterable<Exporter> = []) {
    for (const exporter of exporters) this.set(exporter);
  }

  /** How many there are. */
  get size(): number {
    return this.#byName.size;
  }

  /** Adds an exporter, or replaces the one of its name. */
  set(exporter: Exporter): void {
    const { name, labels = {} } = exporter.metadata;
    const before = this.#byName.get(name)?.metadata.labels ?? {};
    this.#byName.set(name, exporter);
    for (const pair of pairsOf(before)) {
      if (labels[pair[0]] !== pair[1]) this.#byLabel.get(keyOf(pair))?.delete(name);
    }
    for (const pair of pairsOf(labels)) {
      const names = this.#byLabel.get(keyOf(pair));
      if (names === undefined) this.#byLabel.set(keyOf(pair), new Set([name]));
      else names.add(name);
    }
  }

  /** Removes an exporter. */
  delete(name: string): void {
    for (const pair of pairsOf(this.#byName.get(name)?.metadata.labels ?? {})) {
      this.#byLabel.get(keyOf(pair))?.delete(name);
    }
    this.#byName.delete(name);
  }

  /** The exporter of a name. */
  get(name: string): Exporter | undefined {
    return this.#byName.get(name);
  }

  /** All exporters. */
  values(): IteratorObject<Exporter> {
    return this.#byName.values();
  }

  /** The exporters whose labels fit a selector, in no particular order. */
  matching(selector: Selector): Exporter[] {
    return this.#nearly(selector).filter(({ metadata }) =>
      matchesLabels(selector, metadata.labels)
    );
  }

  /** The fewest exporters that one equality term leaves, or all. */
  #nearly(selector: Selector): Exporter[] {
    let fewest: ReadonlySet<string> | undefined;
    for (const { key, operator, values } of selector) {
      if (operator !== "=" && operator !== "==") continue;
      const names = this.#byLabel.get(keyOf([key, values[0]!])) ?? new Set();
      if (fewest === undefined || names.size < fewest.size) fewest = names;
    }
    return fewest === undefined
      ? [...this.#byName.values()]
      : Array.from(fewest, (name) => this.#byName.get(name)!);
  }
}

const pairsOf = (labels: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(labels);

/** Neither keys nor values of labels contain "=". */
const keyOf = ([key, value]: readonly [string, string]): string => `${key}=${value}`;
