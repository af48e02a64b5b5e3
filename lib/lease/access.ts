import { parseGoDuration } from "./go_duration.ts";
import type { Approval } from "./lease_change.ts";
import type { AccessRule, Client, Exporter, ExporterAccessPolicy } from "./objects.ts";
import { matchesLabels, type Selector } from "./selector.ts";
import { readSelector } from "./stored_selector.ts";

/** What the policies say about one client and one exporter. */
export interface Verdict {
  /** The best right to the exporter, if there is one: without spot access, then by priority. */
  readonly approval?: Approval;
  /** The longest lease in ms that a rule for this client allows, when the one asked is longer. */
  readonly longest?: number;
  /** What the rules that do not let this client in are for. */
  readonly descriptions: readonly string[];
}

interface Rule extends Approval {
  readonly description: string;
  readonly clients: readonly Selector[];
  readonly longest: number;
}
interface Policy {
  readonly exporters: Selector;
  readonly rules: readonly Rule[];
}

const OPEN: Verdict = { approval: { priority: 0, spotAccess: false }, descriptions: [] };

/** Who may lease what, by the policies of a lab. Without any, everyone may lease everything. */
export class Access {
  /** What cannot be read of the policies, one sentence a policy; such a policy lets nobody in. */
  readonly faults: readonly string[];
  /** Whether a verdict depends on how long a lease asks to last. */
  readonly limitsDuration: boolean;
  readonly #policies: readonly Policy[];
  readonly #admitting = new Map<Client, ReadonlySet<Rule>>();
  readonly #rulesFor = new Map<Exporter, readonly Rule[]>();

  constructor(policies: readonly ExporterAccessPolicy[]) {
    const faults: string[] = [];
    this.#policies = policies.map((policy) => {
      try {
        return readPolicy(policy);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        faults.push(`policy ${policy.metadata.name} lets nobody in: ${reason}`);
        return { exporters: readSelector({}), rules: [] };
      }
    });
    this.faults = faults;
    this.limitsDuration = this.#policies.some(({ rules }) =>
      rules.some(({ longest }) => longest < Infinity)
    );
  }

  /** Whether there is no policy at all. */
  get isOpen(): boolean {
    return this.#policies.length === 0;
  }

  /** Judges a lease of `duration` ms of an exporter by a client. */
  judge(client: Client | undefined, exporter: Exporter, duration: number): Verdict {
    if (this.isOpen) return OPEN;
    const admitting = client === undefined ? new Set() : this.#rulesThatAdmit(client);
    let approval: Approval | undefined;
    let longest: number | undefined;
    const descriptions: string[] = [];
    for (const rule of this.#rulesAbout(exporter)) {
      if (!admitting.has(rule)) {
        if (rule.description !== "") descriptions.push(rule.description);
      } else if (duration > rule.longest) {
        longest = Math.max(longest ?? 0, rule.longest);
      } else if (approval === undefined || compareApprovals(rule, approval) < 0) {
        approval = rule;
      }
    }
    return {
      ...approval && { approval },
      ...longest !== undefined && { longest },
      descriptions,
    };
  }

  #rulesThatAdmit(client: Client): ReadonlySet<Rule> {
    return getOrMake(this.#admitting, client, () => {
      const { labels } = client.metadata;
      const rules = this.#policies.flatMap(({ rules }) => rules);
      return new Set(
        rules.filter(({ clients }) => clients.some((selector) => matchesLabels(selector, labels))),
      );
    });
  }

  #rulesAbout(exporter: Exporter): readonly Rule[] {
    return getOrMake(this.#rulesFor, exporter, () =>
      this.#policies
        .filter(({ exporters }) => matchesLabels(exporters, exporter.metadata.labels))
        .flatMap(({ rules }) => rules));
  }
}

/** Orders rights: those without spot access first, then the higher priority. */
export function compareApprovals(a: Approval, b: Approval): number {
  return Number(a.spotAccess) - Number(b.spotAccess) || b.priority - a.priority;
}

function readPolicy({ spec }: ExporterAccessPolicy): Policy {
  return {
    exporters: readSelector(spec.exporterSelector),
    rules: (spec.policies ?? []).map(readRule),
  };
}

function readRule({ description, priority, from, maximumDuration, spotAccess }: AccessRule): Rule {
  return {
    description: description ?? "",
    priority: priority ?? 0,
    spotAccess: spotAccess ?? false,
    clients: (from ?? []).map(({ clientSelector }) => readSelector(clientSelector)),
    longest: maximumDuration === undefined ? Infinity : parseGoDuration(maximumDuration),
  };
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
