/**
 * Makes the executables (`deno task compile`): `dist/jmp`, `dist/jmp-exporter` and
 * `dist/jmp-controller`, each with the permission set of its name in `deno.json`. `--out=DIR` puts them elsewhere, `--deno=PATH` compiles
 * with another Deno. Modules that are imported lazily are embedded too, because every `import()` of
 * ours names its module literally. Types are not checked here: that is for `deno task ok`.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = new URL("../", import.meta.url);

/**
 * What clients and exporters read and send is dropped at once: with a small space for young objects
 * its memory is used again before more is asked for, which saves a third of an exporter's memory and
 * of its time.
 */
const SMALL = "--v8-flags=--max-semi-space-size=1";

/** A controller holds much for long: a heap that grows by less at a time saves a third of its memory. */
const SLOW_GROWING = "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=15";

/** Executables by name: the module each starts from, and what else it is compiled with. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  "jmp": [SMALL, "cli/main.ts"],
  "jmp-exporter": [SMALL, "exporter/main.ts"],
  "jmp-controller": [SLOW_GROWING, "controller/main.ts"],
};

/** How `deno compile` speaks of the part of an executable that it must have or download. */
const NO_DENORT = /\bdenort\b/;

interface Finished {
  readonly success: boolean;
  readonly output: string;
  readonly errors: string;
}

async function run(program: string, args: string[]): Promise<Finished> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
  }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout), errors: decoder.decode(stderr).trim() };
}

/** Compiles one program to `output`; returns the sentence that says why not, if it fails. */
async function compile(deno: string, name: string, output: string): Promise<string | undefined> {
  const args = ["compile", "--no-check", "--no-prompt", `-P=${name}`, "-o", output];
  const { success, errors } = await run(deno, [...args, ...PROGRAMS[name]!]);
  if (success) return await checkStart(name, resolve(fileURLToPath(ROOT), output));
  const reason = errors.slice(Math.max(0, errors.search(/^error/m))).replace("error: ", "");
  return NO_DENORT.test(reason) ? needsDenort() : `${name} does not compile: ${reason}`;
}

/** Starts the executable, because of a denort of another version only rubbish is made. */
async function checkStart(name: string, path: string): Promise<string | undefined> {
  const { success, output, errors } = await run(path, ["--help"]);
  if (success && output.startsWith(`usage: ${name} `)) return undefined;
  await Deno.remove(path);
  return Deno.env.has("DENORT_BIN") ? needsDenort() : `${name} does not start: ${errors}`;
}

function needsDenort(): string {
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
