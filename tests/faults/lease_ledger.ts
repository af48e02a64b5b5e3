/** What clients were told of their leases: what a controller may not forget, whatever happens to it. */
import assert from "node:assert/strict";

// deno-lint-ignore no-explicit-any -- objects as the administration API shows them
type Json = any;

/** What may be true of a lease: more than one value where an answer did not arrive. */
interface Entry {
  /** Whether the answer to its creation arrived. */
  isTold: boolean;
  readonly owners: Set<string>;
  readonly durations: Set<number>;
  readonly released: Set<boolean>;
}

/** A change of a lease that a client asks for. */
export type Change =
  | { readonly what: "create"; readonly client: string; readonly seconds: number }
  | { readonly what: "extend"; readonly seconds: number }
  | { readonly what: "transfer"; readonly client: string }
  | { readonly what: "release" };

/** How a request went: `lost` when no answer came, so that nobody knows. */
export type Outcome = "done" | "refused" | "lost";

/** The book of all leases that were asked for. */
export class LeaseLedger {
  #entries = new Map<string, Entry>();

  /** Leases that certainly are there, not released, and a client's. */
  leasesOf(client: string): string[] {
    return [...this.#entries].filter(([, { isTold, owners, released }]) =>
      isTold && !released.has(true) && owners.size === 1 && owners.has(client)
    ).map(([name]) => name);
  }

  /** Writes down how a request went. */
  note(name: string, change: Change, outcome: Outcome): void {
    if (outcome === "refused") return;
    if (change.what === "create") {
      this.#entries.set(name, {
        isTold: outcome === "done",
        owners: new Set([change.client]),
        durations: new Set([change.seconds]),
        released: new Set([false]),
      });
      return;
    }
    const entry = this.#entries.get(name)!;
    const replaceOrAdd = <T>(values: Set<T>, value: T) => {
      if (outcome === "done") values.clear();
      values.add(value);
    };
    if (change.what === "extend") replaceOrAdd(entry.durations, change.seconds);
    else if (change.what === "transfer") replaceOrAdd(entry.owners, change.client);
    else replaceOrAdd(entry.released, true);
  }

  /** Compares it with what a store has; from then on what the store says is known. */
  check(leases: readonly Json[]): void {
    const found = new Map(leases.map((lease) => [lease.metadata.name as string, lease]));
    for (const [name, entry] of this.#entries) {
      const lease = found.get(name);
      if (lease === undefined) {
        assert.ok(!entry.isTold, `lease ${name} is lost`);
        this.#entries.delete(name);
        continue;
      }
      const { spec, status } = lease;
      const isReleased = spec.release === true;
      const duration = seconds(spec.duration);
      assert.ok(entry.released.has(isReleased), `lease ${name}: release is ${isReleased}`);
      assert.ok(isReleased || status?.ended !== true, `lease ${name} ended by itself`);
      assert.ok(entry.owners.has(spec.clientRef.name), `lease ${name}: ${spec.clientRef.name}`);
      assert.ok(entry.durations.has(duration), `lease ${name}: ${spec.duration}`);
      this.#entries.set(name, {
        isTold: true,
        owners: new Set([spec.clientRef.name]),
        durations: new Set([duration]),
        released: new Set([isReleased]),
      });
    }
    for (const name of found.keys()) {
      assert.ok(this.#entries.has(name), `nobody asked for lease ${name}`);
    }
  }
}

/** Whether no exporter has two holders. */
export function checkHolders(leases: readonly Json[]): void {
  const holders = new Map<string, string>();
  for (const { metadata, status } of leases) {
    const exporter = status?.exporterRef?.name;
    if (exporter === undefined || status.ended === true) continue;
    const other = holders.get(exporter);
    assert.equal(other, undefined, `${exporter} is held by ${other} and ${metadata.name}`);
    holders.set(exporter, metadata.name);
  }
}

/** What is unsettled: leases released and not ended, exporters that are idle or do not fit. */
export function unsettled(leases: readonly Json[], exporters: readonly Json[]): string[] {
  const ended = leases.filter(({ status }) => status?.ended === true);
  const live = leases.filter(({ status }) => status?.ended !== true);
  const waiting = live.filter(({ status }) => status?.exporterRef === undefined);
  const holder = (name: string) =>
    live.find(({ status }) => status?.exporterRef?.name === name)?.metadata.name;
  return [
    ...live.filter(({ spec }) => spec.release === true).map(({ metadata }) =>
      `${metadata.name} is released and has not ended`
    ),
    ...ended.filter(({ metadata }) => !("jumpstarter.dev/lease-ended" in (metadata.labels ?? {})))
      .map(({ metadata }) => `${metadata.name} has no label`),
    ...exporters.flatMap(({ metadata: { name }, status }) => {
      const [held, told] = [holder(name), status?.leaseRef?.name];
      return [
        ...(held === told ? [] : [`${name} is held by ${held} and thinks ${told}`]),
        ...(held !== undefined || waiting.length === 0 ? [] : [`${name} idles`]),
      ];
    }),
  ];
}

/** Seconds of a Go duration. */
function seconds(text: string): number {
  const parts = [...text.matchAll(/(\d+)(h|m(?!s)|s)/g)];
  const unit = { h: 3600, m: 60, s: 1 } as const;
  return parts.reduce((sum, [, n, u]) => sum + Number(n) * unit[u as keyof typeof unit], 0);
}
