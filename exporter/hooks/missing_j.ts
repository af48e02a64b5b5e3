import type { Hook, Hooks } from "@jumpstarter/lib/config";

/** `j` as a word of its own, where a script has a command or, in other languages, a text. */
const J = /(?:^|[\s;&|(`"'])j["'\s]/;

/**
 * Says that hooks want to call drivers with `j` and would not find it; nothing when all is well, as far
 * as their scripts show.
 */
export function missingJ(hooks: Hooks, path: string = ""): string | undefined {
  const callers = Object.entries(hooks)
    .filter(([, hook]: [string, Hook | undefined]) => hook !== undefined && J.test(textOf(hook)))
    .map(([name]) => name);
  if (callers.length === 0 || path.split(":").some((dir) => isFile(`${dir}/j`))) return undefined;
  return `no "j" is on PATH for the ${callers.join(" and the ")} hook; "jmp run" brings it along`;
}

/** The script itself, or what stands in its file. */
function textOf({ script }: Hook): string {
  try {
    return Deno.readTextFileSync(script.trim());
  } catch {
    return script; // no file of that name: it is the text
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
