/**
 * `deno doc --lint` over the public surface: every export of every package of the workspace
 * (`deno run -A tools/doc_lint.ts`). All its complaints count, with one exception: a constructor,
 * a method named by a well-known symbol (`[Symbol.asyncDispose]`) need no comment, because
 * their class and the language say what they do, and a member marked `override`, which its base
 * class documents. They are left out by the source line quoted.
 *
 * All entry points are given at once, so that a type counts as public when any package exports it.
 */
const ROOT = new URL("../", import.meta.url);
const SELF_EXPLANATORY = /^ *\d+ \| +(?:(?:constructor|new) ?\(|.*\[Symbol\.|.*\boverride )/m;

/** Splits what `deno doc --lint` prints, and keeps the complaints that count. */
export function complaintsOf(output: string): string[] {
  return output.split(/^(?=error\[)/m)
    .filter((complaint) => complaint.startsWith("error["))
    .map((complaint) => complaint.replace(/\nerror: Found [^]*$/, "").trimEnd())
    // The service's message types are public under the name of their package, `client`.
    .filter((complaint) => !/private-type-ref[^]*proto\/gen\/client\.ts/.test(complaint))
    .filter((complaint) =>
      !(complaint.startsWith("error[missing-jsdoc]") && SELF_EXPLANATORY.test(complaint))
    );
}

/** Lists the entry points of the workspace's packages, relative to the root. */
export async function entryPoints(root: URL): Promise<string[]> {
  const { workspace }: { workspace: string[] } = await readJson(new URL("deno.json", root));
  const entries = workspace.map(async (member) => {
    const config: { exports: string | Record<string, string> } = await readJson(
      new URL(`${member}/deno.json`, root),
    );
    const paths = typeof config.exports === "string"
      ? [config.exports]
      : Object.values(config.exports);
    return paths.map((path) => `${member}/${path}`.replaceAll("/./", "/"));
  });
  return (await Promise.all(entries)).flat();
}

async function readJson<T>(url: URL): Promise<T> {
  return JSON.parse(await Deno.readTextFile(url));
}

if (import.meta.main) {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", ...await entryPoints(ROOT)],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "null",
  }).output();
  const said = new TextDecoder().decode(stderr);
  const complaints = complaintsOf(said);
  const isBroken = !success && !/^error\[/m.test(said);
  for (const complaint of complaints) console.error(`${complaint}\n`);
  if (isBroken) console.error(said.slice(said.search(/^error/m)));
  console.error(`documentation: ${complaints.length} complaints`);
  if (isBroken || complaints.length > 0) Deno.exit(1);
}
