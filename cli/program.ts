import type { Program } from "@jumpstarter/lib/program";

const program: Program = {
  name: "jmp",
  does: "Controls devices under test: power, console, storage, network.",
  commands: {
    shell: {
      does: "Open a shell, or run a command, with a board at hand",
      load: async () => (await import("./commands/shell.ts")).shell,
      aliases: ["sh", "s"],
    },
    version: {
      does: "Show the version",
      load: async () => (await import("./commands/version.ts")).version,
      aliases: ["ver", "v"],
    },
  },
  others: { j: "Run a command of a driver; inside a shell also just j" },
};

/** Runs `jmp` with its arguments; the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  // `j` loads nothing of the rest: it is typed again and again, and scripts call it in loops.
  if (args[0] === "j") return await (await import("./j/main.ts")).main(args.slice(1));
  if (args[0] === "launch-j") {
    return await (await import("./warm/launcher.ts")).launch(args.slice(1));
  }
  const { runProgram } = await import("@jumpstarter/lib/program");
  return await runProgram(program, args);
}
