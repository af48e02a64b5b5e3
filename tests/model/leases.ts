/**
 * The model check of leases: random histories of a lab, each repeated by its seed.
 *
 * `deno run -A tests/model/leases.ts` runs 10,000 seeds of 200 steps; `--seeds N --steps M` as many
 * as wanted, and `--seed N` one, with all that happens in it.
 */
import { parseArgs } from "node:util";
import { LeaseHistory } from "./lease_history.ts";

/** Runs one history; an error names the step, and how to see it again. */
export function runHistory(seed: number, steps: number, log?: (line: string) => void): void {
  const history = new LeaseHistory(seed, log);
  let step = 0;
  try {
    for (; step < steps; step++) history.step();
    history.drain();
  } catch (error) {
    throw new Error(
      `seed ${seed} fails in step ${step}: ${error instanceof Error ? error.message : error}\n` +
        `see it with: deno run -A tests/model/leases.ts --seed ${seed} --steps ${steps}`,
      { cause: error },
    );
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      seeds: { type: "string", default: "10000" },
      steps: { type: "string", default: "200" },
    },
  });
  const steps = Number(values.steps);
  if (values.seed !== undefined) {
    runHistory(Number(values.seed), steps, console.log);
  } else {
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      runHistory(seed, steps);
      if (seed % 1000 === 0) console.log(`${seed} histories of ${steps} steps hold`);
    }
  }
}
