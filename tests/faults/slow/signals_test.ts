import { together } from "../rows.ts";
import { ends, signalCases } from "../signal_cases.ts";

Deno.test("an exporter ends, and leaves nothing, after …", async (test) => {
  await together(test, signalCases.filter(({ isQuick }) => !isQuick), ends);
});
