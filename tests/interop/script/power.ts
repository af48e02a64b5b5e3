import assert from "node:assert/strict";
import type { PowerClient } from "@jumpstarter/drivers/clients";
import type { checks as all } from "../checks.ts";
import type { Check } from "./board.ts";

async function readings(supply: PowerClient): Promise<number[][]> {
  const found = await Array.fromAsync(supply.read());
  return found.map(({ voltage, current, apparentPower }) => [voltage, current, apparentPower]);
}

const BOTH = [[0, 0, 0], [5, 2, 10]];

export const checks: Record<(typeof all)["power"][number], Check> = {
  async "on() and off() give nothing back"({ power }) {
    assert.equal(await power.call("on"), null);
    assert.equal(await power.call("off"), null);
    await power.on();
    await power.off();
  },
  async "read() gives both readings"({ power }) {
    assert.deepEqual(await readings(power), BOTH);
  },
  async "cycle() switches off and on"({ power }) {
    await power.cycle(0);
  },
  async "rescue() is not implemented"({ power }) {
    await assert.rejects(power.rescue(), { code: "not_implemented" });
  },
  async "the synchronous supply does the same"({ rack: { spare } }) {
    await spare.on();
    await spare.off();
    assert.deepEqual(await readings(spare), BOTH);
  },
};
