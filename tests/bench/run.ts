/**
 * Start-up of our programs beside the Python peer's, in one run: `deno task bench`. Medians of whole
 * processes, as ratios: the machine's speed cancels out.
 */
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmpCommand, tempDir } from "../support/programs.ts";
import { measureSessions } from "./session.ts";
import { peer } from "../interop/peer.ts";

const RUNS = 15;

type CommandLine = readonly string[];

/** Median wall time of a program, milliseconds; the first run warms the caches. */
async function median(
  [program, ...args]: CommandLine,
  env: Record<string, string>,
): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const started = performance.now();
    const { success } = await new Deno.Command(program!, { args, env, stdout: "null" }).output();
    if (!success) throw new Error(`${[program, ...args].join(" ")} failed`);
    if (run > 0) times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[RUNS >> 1]!;
}

async function compare(name: string, ours: CommandLine, theirs: CommandLine, env = {}) {
  const [mine, other] = [await median(ours, env), await median(theirs, env)];
  const columns = [
    name.padEnd(34),
    mine.toFixed(0),
    other.toFixed(0),
    `1/${(other / mine).toFixed(1)}`,
  ];
  console.log(columns.map((text) => text.padStart(9)).join(" "));
}

const installed = await peer();
const { jmp, j } = installed;
if (Deno.args[0] === "inside") {
  const [, warm] = Deno.args;
  await compare("j power on (in our shell)", [warm!, "power", "on"], [j, "power", "on"]);
  await compare("j power on (a process of its own)", jmpCommand("j", "power", "on"), [
    j,
    "power",
    "on",
  ]);
} else {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, { power: { type: types.power } });
  console.log(`${"median of whole processes, ms".padEnd(34)}      ours      peer     ratio`);
  await compare("jmp --help", jmpCommand("--help"), [jmp, "--help"]);
  await compare("jmp version", jmpCommand("version"), [jmp, "version"]);
  const shell = ["shell", "--exporter-config", file, "--"];
  await compare("jmp shell … -- true", jmpCommand(...shell, "true"), [jmp, ...shell, "true"]);
  const again = [Deno.execPath(), "run", "-A", import.meta.filename!, "inside"];
  const [program, ...args] = jmpCommand(
    ...shell,
    "sh",
    "-c",
    `exec "$@" "$(command -v j)"`,
    "sh",
    ...again,
  );
  await new Deno.Command(program, { args }).output().then(({ stdout, stderr }) => {
    Deno.stdout.writeSync(stdout);
    Deno.stderr.writeSync(stderr);
  });
  console.log(`\n${"one session".padEnd(34)}      ours      peer     ratio`);
  for (const { name, ours, theirs } of await measureSessions(dir.path, installed)) {
    const columns = [ours.toFixed(2), theirs.toFixed(2), (ours / theirs).toFixed(2)];
    console.log([name.padEnd(34), ...columns.map((text) => text.padStart(9))].join(" "));
  }
}
