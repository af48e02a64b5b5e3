import { setTimeout as delay } from "node:timers/promises";
import { command, type Commands, integer, seconds, withDefault } from "@jumpstarter/lib/commands";
import type { PowerClient, PowerMeasurement } from "./client.ts";

/** The `j` commands of a power driver. */
export const commands: Commands<PowerClient> = {
  on: command({
    does: "Turn the power on",
    run: (power: PowerClient) => power.on(),
  }),
  off: command({
    does: "Turn the power off",
    run: (power: PowerClient) => power.off(),
  }),
  cycle: command({
    does: "Turn the power off, wait, and turn it on again",
    options: { wait: seconds(2, "time between off and on", "w") },
    async run(power: PowerClient, { wait }, io) {
      await io.print(`Power cycling with ${wait / 1000} seconds wait time...`);
      await power.cycle(wait, { signal: io.signal });
    },
  }),
  read: command({
    does: "Measure voltage, current and power",
    options: {
      count: withDefault(integer("rounds of readings; 0 goes on until Ctrl-C", { min: 0 }, "n"), 1),
      interval: seconds(1, "time between rounds", "i"),
    },
    async run(power: PowerClient, { count, interval }, io) {
      const { signal } = io;
      for (let round = 1;; round++) {
        for await (const reading of power.read({ signal })) await io.print(line(reading));
        if (round === count) return;
        await delay(interval, undefined, { signal });
      }
    },
  }),
  rescue: command({
    does: "Start the device in its rescue mode",
    run: (power: PowerClient) => power.rescue(),
  }),
};

function line({ voltage, current, apparentPower }: PowerMeasurement): string {
  return `voltage=${decimal(voltage)} V  current=${decimal(current)} A  ` +
    `apparent_power=${decimal(apparentPower)} VA`;
}

/** `5` as `5.0`: scripts that read these lines know the Python form. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
