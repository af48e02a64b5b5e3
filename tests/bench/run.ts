/**
 * Our programs beside the Python peer's, in one run: `deno task bench`. All is told as ratios: the
 * machine's speed cancels out, if it is the same for the whole run.
 */
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmpCommand, tempDir } from "../support/programs.ts";
import { type Figure, formatFigure } from "./figures.ts";
import { measureSessions } from "./session.ts";
import { peer } from "../interop/peer.ts";

const RUNS = 15;

type CommandLine = readonly string[];

/** Wall time of a program, milliseconds. */
async function time([program, ...args]: CommandLine): Promise<number> {
  const started = performance.now();
  const { success } = await new Deno.Command(program!, { args, stdout: "null" }).output();
  if (!success) throw new Error(`${[program, ...args].join(" ")} failed`);
  return performance.now() - started;
}

/** Medians of both, in turns; the first run of each warms the caches. */
async function compare(name: string, ours: CommandLine, theirs: CommandLine): Promise<void> {
  const times: [number[], number[]] = [[], []];
  for (let run = 0; run <= RUNS; run++) {
    for (const [side, command] of [ours, theirs].entries()) {
      const taken = await time(command);
      if (run > 0) times[side]!.push(taken);
    }
  }
  const [mine, other] = times.map((all) => all.sort((a, b) => a - b)[RUNS >> 1]!);
  print({ name, ours: mine!, theirs: other! });
}

function print(figure: Figure): void {
  console.log(formatFigure(figure));
}

function printHead(what: string): void {
  console.log(`${what.padEnd(34)}      ours      peer     ratio  wanted`);
}

const installed = await peer();
const { jmp, j } = installed;
if (Deno.args[0] === "inside") {
  const [, warm] = Deno.args;
  const theirs = [j, "power", "on"];
  await compare("j power on, in our shell", [warm!, "power", "on"], theirs);
  await compare("j power on, in its own process", jmpCommand("j", "power", "on"), theirs);
} else {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, { power: { type: types.power } });
  printHead("median of whole processes, ms");
  await compare("jmp --help", jmpCommand("--help"), [jmp, "--help"]);
  await compare("jmp version", jmpCommand("version"), [jmp, "version"]);
  const shell = ["shell", "--exporter-config", file, "--"];
  await compare("jmp shell … -- true", jmpCommand(...shell, "true"), [jmp, ...shell, "true"]);
  const again = [Deno.execPath(), "run", "-A", import.meta.filename!, "inside"];
  const script = ["sh", "-c", `exec "$@" "$(command -v j)"`, "sh", ...again];
  const [program, ...args] = jmpCommand(...shell, ...script);
  const inside = await new Deno.Command(program, { args, stdout: "inherit", stderr: "inherit" })
    .output();
  if (!inside.success) throw new Error("measuring in our shell failed");
  console.log();
  printHead("one session");
  for (const figure of await measureSessions(dir.path, installed)) print(figure);
}
