/**
 * Checks the arrows between the packages (`deno run -A tools/check_imports.ts [root]`), one line
 * a fault, and exits with 1 when there is one. Type-only and dynamic imports count like any other.
 */
import { findCycles } from "./cycles.ts";
import { type Import, listFiles, readGraph } from "./module_graph.ts";

/** Which packages a package may import; a package imports itself by relative path only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  proto: [],
  lib: ["proto"],
  drivers: ["lib", "proto"],
  exporter: ["drivers", "lib", "proto"],
  controller: ["lib", "proto"],
  cli: ["exporter", "controller", "drivers", "lib", "proto"],
};

/** Folders for readers, who have nothing but the public packages. */
const FOR_READERS = ["examples", "docs"];

/** Code without I/O, clock or logging: it may import itself, what is listed here, and proto. */
const PURE = ["lib/codec/", "lib/lease/"];
const PURE_MAY_IMPORT = [...PURE, "lib/errors.ts", "proto/"];
const IMPURE =
  /\b(Deno|fetch|WebSocket|Worker|console|performance|setTimeout|setInterval|Date\.now)\b|new Date\(\)/;

const MAX_LINES = 500;
const GENERATED = "proto/gen/";
const COMMENTS_AND_STRINGS = /\/\*[^]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
const FENCED_IMPORT = /^(?:import|export)\b[^;]*?["']([^"'\n]+)["']/gm;

/** Names every fault of the workspace at `root` (absolute), one sentence each. */
export async function checkImports(root: string): Promise<string[]> {
  const files = await listFiles(root);
  const checked = files.filter((file) =>
    file.endsWith(".ts") && !file.endsWith("_test.ts") &&
    (roomOf(file) in MAY_IMPORT || FOR_READERS.includes(roomOf(file)))
  );
  const { imports, broken } = await readGraph(root, checked);
  const arrows = Map.groupBy(imports, ({ from }) => from);
  return [
    ...broken,
    ...imports.flatMap((one) => faultOf(one)),
    ...findCycles(new Map([...arrows].map(([from, all]) => [from, all.map(({ to }) => to)])))
      .map((cycle) => `${cycle[0]}: circle: ${cycle.join(" -> ")}`),
    ...(await Promise.all(files.map((file) => faultsOfText(root, file)))).flat(),
  ];
}

function roomOf(path: string): string {
  return path.split("/", 1)[0] ?? path;
}

function isRelative(specifier: string): boolean {
  return /^(\.|\/|file:)/.test(specifier);
}

function faultOf({ from, line, specifier, to }: Import): string[] {
  const fault = (what: string) => [`${from}:${line}: "${specifier}" ${what}`];
  const [room, target] = [roomOf(from), roomOf(to)];
  if (FOR_READERS.includes(room)) {
    return target === room || !isRelative(specifier)
      ? []
      : fault(`is a path; ${room}/ shows what users write, so import a public package by name`);
  }
  if (
    PURE.some((pure) => from.startsWith(pure)) && !PURE_MAY_IMPORT.some((p) => to.startsWith(p))
  ) {
    return fault(`is not for a pure module (${PURE.join(", ")})`);
  }
  if (/^(node|npm|jsr|https?|data):/.test(to)) return [];
  if (target === room) {
    return isRelative(specifier) ? [] : fault("is its own package; import it by relative path");
  }
  if (!MAY_IMPORT[room]?.includes(target)) {
    return fault(
      `points the wrong way: ${room} may import ${
        MAY_IMPORT[room]?.join(", ") || "nothing of ours"
      }`,
    );
  }
  return isRelative(specifier) ? fault(`is another package; import it by name`) : [];
}

async function faultsOfText(root: string, file: string): Promise<string[]> {
  if (!/\.(ts|md)$/.test(file) || file.startsWith(GENERATED)) return [];
  const text = await Deno.readTextFile(`${root}/${file}`);
  return file.endsWith(".md") ? faultsOfMarkdown(file, text) : faultsOfSource(file, text);
}

function faultsOfMarkdown(file: string, text: string): string[] {
  // A page may import a file that it shows itself, under a first line such as `// my_power.ts`.
  const shown = [...text.matchAll(/^\/\/ (\S+\.ts)$/gm)].map(([, name]) => `./${name}`);
  return [...text.matchAll(FENCED_IMPORT)]
    .filter(([, specifier = ""]) => isRelative(specifier) && !shown.includes(specifier))
    .map(([, specifier]) => `${file}: "${specifier}" is a path; show a public package by name`);
}

function faultsOfSource(file: string, text: string): string[] {
  const faults: string[] = [];
  const lines = text.trimEnd().split("\n").length;
  if (lines > MAX_LINES) faults.push(`${file}: ${lines} lines, more than ${MAX_LINES}; split it`);
  if (PURE.some((pure) => file.startsWith(pure)) && !file.endsWith("_test.ts")) {
    const impure = IMPURE.exec(text.replace(COMMENTS_AND_STRINGS, ""));
    if (impure) faults.push(`${file}: uses ${impure[0]}, which is not for a pure module`);
  }
  return faults;
}

if (import.meta.main) {
  const root = await Deno.realPath(Deno.args[0] ?? new URL("..", import.meta.url));
  const faults = await checkImports(root);
  for (const fault of faults) console.error(fault);
  console.error(faults.length === 0 ? "imports: no faults" : `imports: ${faults.length} faults`);
  if (faults.length > 0) Deno.exit(1);
}
