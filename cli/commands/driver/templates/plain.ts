import { boardFile, readme, type Template } from "./template.ts";

/** A driver with methods and a client of its own. */
export const plain: Template = (names) => {
  const { className, key } = names;
  const config = "{ maximum: 10 }";
  return {
    "driver.ts": `import { Driver, exported } from "@jumpstarter/lib/driver";
import { InvalidArgumentError } from "@jumpstarter/lib/errors";
import * as v from "valibot";

const Config = v.object({ maximum: v.optional(v.number(), 100) });

/** Sets a level of a device. It only remembers what it is told: put the hardware here. */
export class ${className} extends Driver<typeof Config> {
  static override readonly client = "${key}.${className}Client";
  static override readonly config = Config;
  #level = 0;

  /** Sets the level; its client calls it \`set_level\`. */
  @exported(v.number())
  setLevel(level: number): void {
    const { maximum } = this.config;
    if (level > maximum) throw new InvalidArgumentError(\`the level is \${maximum} at most\`);
    this.#level = level;
    this.log.info(\`the level is \${level}\`);
  }

  /** The level that was set. */
  @exported
  level(): number {
    return this.#level;
  }

  /** A generator becomes a stream of answers: here from 0 up to the level. */
  @exported
  async *ramp(): AsyncGenerator<number> {
    for (let level = 0; level <= this.#level; level++) yield level;
  }
}
`,
    "client.ts": `import { DriverClient } from "@jumpstarter/lib/driver";

/** Calls the driver, from scripts and tests. */
export class ${className}Client extends DriverClient {
  static override readonly labels: readonly string[] = [
    "${key}.${className}Client",
  ];

  /** Sets the level. */
  async setLevel(level: number): Promise<void> {
    await this.call("set_level", level);
  }

  /** The level that was set. */
  async level(): Promise<number> {
    return await this.call("level") as number;
  }

  /** The levels from 0 up to the one that was set. */
  async *ramp(): AsyncGenerator<number> {
    for await (const level of this.invokeStreaming("ramp", [])) yield level as number;
  }
}
`,
    "driver_test.ts": `import { boardTest, serve } from "@jumpstarter/exporter/testing";
import assert from "node:assert/strict";
import { ${className}Client } from "./client.ts";
import { ${className} } from "./driver.ts";

Deno.test("the level is the one that was set, up to the maximum", async () => {
  const device = { driver: ${className}, config: { maximum: 3 } };
  await using board = await serve({ device }, { device: ${className}Client });
  await board.device.setLevel(3);
  assert.equal(await board.device.level(), 3);
  assert.deepEqual(await Array.fromAsync(board.device.ramp()), [0, 1, 2, 3]);
  await assert.rejects(board.device.setLevel(4), /the level is 3 at most/);
});

const shape = { ${key}: ${className}Client };
const exporterConfig = new URL("board.yaml", import.meta.url);

boardTest("board.yaml has a level that can be set", { shape, exporterConfig }, async (board) => {
  await board.${key}.setLevel(10);
  assert.equal(await board.${key}.level(), 10);
});
`,
    "board.yaml": boardFile(names, config),
    "README.md": readme(names, {
      does: "Sets a level from 0 to `maximum`, and tells it.",
      settings: config,
      commands: [`j ${key} call set_level 3`, `j ${key} call level`],
    }),
  };
};
