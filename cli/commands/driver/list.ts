import { driverTypes } from "@jumpstarter/drivers";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { outputOption, printOutput, table } from "@jumpstarter/lib/program/output";

/** `jmp driver list`. */
export const list: CliCommand = cliCommand({
  does: "List the drivers that an exporter file can name",
  options: { output: outputOption },
  async run({ output }, io) {
    const drivers = driverTypes().map((type) => ({ name: className(type), type }));
    drivers.sort((a, b) => a.name < b.name ? -1 : 1);
    await printOutput(io, output, {
      data: () => ({ items: drivers }),
      names: () => drivers.map(({ name }) => name),
      text: () => table(["NAME", "TYPE"], drivers.map(({ name, type }) => [name, type])),
    });
  },
});

/** `jumpstarter_driver_power.driver.MockPower` → `MockPower` */
function className(type: string): string {
  return type.slice(Math.max(type.lastIndexOf("."), type.lastIndexOf("#")) + 1);
}
