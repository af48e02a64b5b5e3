/** A row of a table of faults. */
export interface Row {
  readonly name: string;
  /** Is among the tests that are always run; the others are run by `deno task faults`. */
  readonly isQuick?: true;
}

/** How many rows run at the same time: starting a program is work for the processor. */
const TOGETHER = 4;

/** Runs every row, some at the same time, each as a step of a test. */
export async function together<R extends Row>(
  test: Deno.TestContext,
  rows: readonly R[],
  run: (row: R) => Promise<void>,
): Promise<void> {
  const left = rows.values();
  const work = async () => {
    for (const row of left) {
      await test.step({
        name: row.name,
        fn: () => run(row),
        // Steps at the same time cannot be told apart; the test as a whole is looked at.
        sanitizeOps: false,
        sanitizeResources: false,
        sanitizeExit: false,
      });
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
}
