import { runHistory } from "./leases.ts";

Deno.test("leases keep their promises in random histories [controller 34]", () => {
  for (let seed = 1; seed <= 60; seed++) runHistory(seed, 100);
});
