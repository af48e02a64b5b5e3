/**
 * Makes the executables (`deno task compile`): `dist/jmp` and `dist/jmp-exporter`, each with the
 * permission set of its name in `deno.json`. `--out=DIR` puts them elsewhere, `--deno=PATH` compiles
 * with another Deno. Modules that are imported lazily are embedded too, because every `import()` of
 * ours names its module literally. Types are not checked here: that is for `deno task ok`.
 */
import { parseArgs } from "node:util";

const ROOT = new URL("../", import.meta.url);

/** Executables by name, with the module each starts from. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "jmp": "cli/main.ts",
  "jmp-exporter": "exporter/main.ts",
};

/** How `deno compile` speaks of the part of an executable that it must have or download. */
const NO_DENORT = /\bdenort\b/;

async function run(deno: string, args: string[]): Promise<{ success: boolean; said: string }> {
  const { success, stderr } = await new Deno.Command(deno, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdout: "null",
  }).output();
  return { success, said: new TextDecoder().decode(stderr).trim() };
}

/** Compiles one program to `output`; returns the sentence that says why not, if it fails. */
async function compile(deno: string, name: string, output: string): Promise<string | undefined> {
  const args = ["compile", "--no-check", "--no-prompt", `-P=${name}`, "-o", output];
  const { success, said } = await run(deno, [...args, PROGRAMS[name] ?? name]);
  if (success) return undefined;
  const reason = said.slice(Math.max(0, said.search(/^error/m)));
  if (!NO_DENORT.test(reason)) return `${name} does not compile: ${reason.replace("error: ", "")}`;
  const given = Deno.env.get("DENORT_BIN");
  return `"deno compile" needs denort ${Deno.version.deno}, the part of Deno that goes into every ` +
    `executable, and ${given ? `DENORT_BIN (${given}) is not one` : "cannot download it"}. Set ` +
    `DENORT_BIN to the path of a denort of exactly this version, or run this with network access.`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      out: { type: "string", default: "dist" },
      deno: { type: "string", default: Deno.execPath() },
    },
  });
  for (const name of Object.keys(PROGRAMS)) {
    const output = `${values.out}/${name}`;
    const failure = await compile(values.deno, name, output);
    if (failure !== undefined) {
      console.error(`error: ${failure}`);
      Deno.exit(1);
    }
    console.log(output);
  }
}
