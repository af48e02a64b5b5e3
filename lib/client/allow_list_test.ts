import assert from "node:assert/strict";
import { AllowList } from "./allow_list.ts";

const POWER = "jumpstarter_driver_power.client.PowerClient";

/** A value of JMP_DRIVERS_ALLOW, and whether it allows the power client. */
const values: [string | undefined, boolean][] = [
  [undefined, true],
  ["UNSAFE", true],
  ["other.*, UNSAFE", true],
  ["*", true],
  [POWER, true],
  ["jumpstarter_driver_*", true],
  ["jumpstarter_driver_power.client.?owerClient", true],
  ["jumpstarter_driver_power.client.[PQ]owerClient", true],
  ["jumpstarter_driver_power.client.[!P]owerClient", false],
  ["jumpstarter_driver_power", false],
  ["JUMPSTARTER_*", false],
  ["jumpstarter_driver_power+client+PowerClient", false],
  ["", false],
];

for (const [value, isAllowed] of values) {
  Deno.test(`JMP_DRIVERS_ALLOW=${value} ${isAllowed ? "allows" : "refuses"} a client`, () => {
    assert.equal(AllowList.parse(value).allows(POWER), isAllowed);
  });
}

Deno.test("AllowList.check() names the child and what refuses it", () => {
  assert.throws(() => AllowList.parse("x").check("power", POWER), {
    code: "not_allowed",
    message: `"power" needs the driver client ${POWER}, which JMP_DRIVERS_ALLOW does not allow`,
  });
});

Deno.test("AllowList names a pattern that cannot be read", () => {
  assert.throws(() => AllowList.parse("x, [z-a]*"), {
    code: "usage",
    message: /^"\[z-a\]\*" in JMP_DRIVERS_ALLOW is no pattern: .*out of order/,
  });
});
