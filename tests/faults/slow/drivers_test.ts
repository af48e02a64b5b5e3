import { driverCases, isBorne } from "../driver_cases.ts";
import { together } from "../rows.ts";

Deno.test("an exporter bears a driver that …", async (test) => {
  await together(test, driverCases.filter(({ isQuick }) => !isQuick), isBorne);
});
