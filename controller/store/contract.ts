/** What every store does, as tests: a new store runs them to show that it is one. */
import { listTests } from "./contract/lists.ts";
import { objectTests } from "./contract/objects.ts";
import { ownerTests } from "./contract/owners.ts";
import { ruleTests } from "./contract/rules.ts";
import { statusTests } from "./contract/status.ts";
import type { ContractTest, Opened } from "./contract/subject.ts";
import { historyTests, watchTests } from "./contract/watch.ts";

/** Tests that a store may leave out, because somebody else does their part. */
const SUITES = {
  objects: objectTests,
  status: statusTests,
  lists: listTests,
  rules: ruleTests,
  owners: ownerTests,
  watch: watchTests,
  history: historyTests,
} as const;

/**
 * Registers the tests of the contract. `open` opens a store and names a namespace in it that nothing
 * else uses; `without` leaves suites out that a store cannot run: `owners` where a cluster collects
 * the garbage, `history` where nobody can say how much is remembered.
 */
export function storeContract(
  name: string,
  open: (options?: { historyOf?: number }) => Promise<Opened>,
  { without = [] }: { without?: readonly (keyof typeof SUITES)[] } = {},
): void {
  for (const [suite, tests] of Object.entries(SUITES)) {
    if (without.some((one) => one === suite)) continue;
    for (const [sentence, test] of Object.entries<ContractTest>(tests)) {
      Deno.test(`${name}: ${sentence}`, async () => {
        await using opened = await open(suite === "history" ? { historyOf: 8 } : {});
        await test(opened);
      });
    }
  }
}

export type { Opened } from "./contract/subject.ts";
