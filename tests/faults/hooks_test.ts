import { hookCases, survives } from "./hook_cases.ts";
import { together } from "./rows.ts";

Deno.test("an exporter outlives a hook that …", async (test) => {
  await together(test, hookCases.filter(({ isQuick }) => isQuick), survives);
});
