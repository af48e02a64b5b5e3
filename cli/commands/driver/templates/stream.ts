import { boardFile, readme, type Template } from "./template.ts";

/** A driver that gives a byte stream, with the client of a serial console. */
export const stream: Template = (names) => {
  const { className, key } = names;
  const config = "{ greeting: ready }";
  return {
    "driver.ts": `import { Driver, exported } from "@jumpstarter/lib/driver";
import { type ByteStream, copy, pipe } from "@jumpstarter/lib/streams";
import * as v from "valibot";

const Config = v.object({ greeting: v.optional(v.string(), "hello") });

/** A console. Its device greets and sends back what it is sent: put the hardware here. */
export class ${className} extends Driver<typeof Config> {
  static override readonly client = "jumpstarter_driver_pyserial.client.PySerialClient";
  static override readonly driverType = "serial";
  static override readonly config = Config;

  /** Opens the stream; for a device on TCP it is \`fromConnection(await Deno.connect(…))\`. */
  @exported.bytes
  connect(): Promise<ByteStream> {
    const [client, device] = pipe();
    this.#play(device).catch(() => {}); // the client has left
    return Promise.resolve(client);
  }

  async #play(device: ByteStream): Promise<void> {
    await device.write(new TextEncoder().encode(\`\${this.config.greeting}\\n\`));
    await copy(device, device);
  }
}
`,
    "driver_test.ts": `import { SerialClient } from "@jumpstarter/drivers/clients";
import { boardTest, serve } from "@jumpstarter/exporter/testing";
import { ${className} } from "./driver.ts";

Deno.test("the console greets, and sends back what it is sent", async () => {
  const serial = { driver: ${className}, config: { greeting: "welcome" } };
  await using board = await serve({ serial }, { serial: SerialClient });
  await using console = await board.serial.expect();
  await console.until("welcome\\n", { within: 5_000 });
  await console.sendLine("ping");
  await console.until("ping", { within: 5_000 });
});

const shape = { ${key}: SerialClient };
const exporterConfig = new URL("board.yaml", import.meta.url);

boardTest("board.yaml has a console that greets", { shape, exporterConfig }, async (board) => {
  await using console = await board.${key}.expect();
  await console.until("ready", { within: 5_000 });
});
`,
    "board.yaml": boardFile(names, config),
    "README.md": readme(names, {
      does: "A console, as a byte stream; `greeting` is what it says first.",
      settings: config,
      commands: [`j ${key} pipe </dev/null`, `j ${key} start-console`],
    }),
  };
};
