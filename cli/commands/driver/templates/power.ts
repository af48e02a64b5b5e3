import { boardFile, readme, type Template } from "./template.ts";

/** A driver that switches power: the client and its \`j\` commands are those of every power driver. */
export const power: Template = (names) => {
  const { className, key } = names;
  const config = "{ volts: 12 }";
  return {
    "driver.ts": `import type { PowerInterface, PowerReading } from "@jumpstarter/drivers/power";
import { Driver, exported } from "@jumpstarter/lib/driver";
import * as v from "valibot";

const Config = v.object({ volts: v.optional(v.number(), 5) });

/** Switches the power of a device. It only remembers what it is told: put the hardware here. */
export class ${className} extends Driver<typeof Config> implements PowerInterface {
  static override readonly client = "jumpstarter_driver_power.client.PowerClient";
  static override readonly driverType = "power";
  static override readonly config = Config;
  #isOn = false;

  /** A session finds the power off. */
  override reset(): void {
    this.off();
  }

  @exported
  on(): void {
    this.#isOn = true;
    this.log.info("the power is on");
  }

  @exported
  off(): void {
    this.#isOn = false;
    this.log.info("the power is off");
  }

  @exported
  async *read(): AsyncGenerator<PowerReading> {
    yield { voltage: this.#isOn ? this.config.volts : 0, current: 0 };
  }
}
`,
    "driver_test.ts": `import { PowerClient } from "@jumpstarter/drivers/clients";
import { boardTest, serve } from "@jumpstarter/exporter/testing";
import assert from "node:assert/strict";
import { ${className} } from "./driver.ts";

/** The voltages that a driver measures. */
async function volts(power: PowerClient): Promise<number[]> {
  return (await Array.fromAsync(power.read())).map(({ voltage }) => voltage);
}

Deno.test("there is voltage while the power is on", async () => {
  const power = { driver: ${className}, config: { volts: 12 } };
  await using board = await serve({ power }, { power: PowerClient });
  assert.deepEqual(await volts(board.power), [0]);
  await board.power.on();
  assert.deepEqual(await volts(board.power), [12]);
  await board.power.off();
  assert.deepEqual(await volts(board.power), [0]);
});

const shape = { ${key}: PowerClient };
const exporterConfig = new URL("board.yaml", import.meta.url);

boardTest("board.yaml has power to switch", { shape, exporterConfig }, async (board) => {
  await board.${key}.on();
  assert.deepEqual(await volts(board.${key}), [12]);
  await board.${key}.off();
});
`,
    "board.yaml": boardFile(names, config),
    "README.md": readme(names, {
      does: "Switches the power of a device; `volts` is what it measures while it is on.",
      settings: config,
      commands: [`j ${key} on`, `j ${key} read`],
    }),
  };
};
