import config from "../deno.json" with { type: "json" };
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { outputOption, printOutput } from "@jumpstarter/lib/program/output";

/** `jmp version`. */
export const version: CliCommand = cliCommand({
  does: "Show the version",
  options: { output: outputOption },
  async run({ output }, io) {
    const facts = { gitVersion: `v${config.version}`, denoVersion: Deno.version.deno };
    const sentence = `Jumpstarter ${facts.gitVersion} (Deno ${facts.denoVersion})`;
    await printOutput(io, output, {
      data: () => facts,
      names: () => [sentence],
      text: () => sentence,
    });
  },
});
