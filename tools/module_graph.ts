/**
 * The files of a workspace and the imports between them, as Deno itself resolves them
 * (`deno info --json`): static, dynamic and type-only imports, by package name or by path.
 */
import { pathToFileURL } from "node:url";

/** One import: which file asks for what, and what that resolves to. */
export interface Import {
  /** The importing file, relative to the root. */
  readonly from: string;
  /** The line of the import, from 1. */
  readonly line: number;
  /** The specifier as it is written. */
  readonly specifier: string;
  /** A path relative to the root, or an outside specifier such as `node:net`. */
  readonly to: string;
}

/** What {@linkcode readGraph} finds. */
export interface Graph {
  readonly imports: readonly Import[];
  /** What Deno cannot read or resolve, one sentence each. */
  readonly broken: readonly string[];
}

interface Resolution {
  specifier?: string;
  error?: string;
  span: { start: { line: number } };
}
interface Dependency {
  specifier: string;
  code?: Resolution;
  type?: Resolution;
}
interface Info {
  modules: { specifier: string; error?: string; dependencies?: Dependency[] }[];
}

const SKIPPED = /^(\..*|node_modules|dist)$/;

/** Lists the files below `root`, relative to it and sorted; hidden folders are left out. */
export async function listFiles(root: string, below = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(`${root}/${below}`)) {
    if (SKIPPED.test(entry.name)) continue;
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory) files.push(...await listFiles(root, path));
    else if (entry.isFile) files.push(path);
  }
  return files.sort();
}

/** Resolves the imports of `files` (relative to `root`, whose `deno.json` names the workspace). */
export async function readGraph(root: string, files: readonly string[]): Promise<Graph> {
  const base = pathToFileURL(`${root}/`).href;
  const entry = await Deno.makeTempFile({ prefix: "imports_", suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, files.map((file) => `import "${base}${file}";\n`).join(""));
    const info = await denoInfo(`${root}/deno.json`, entry);
    return toGraph(info, base, new Set(files));
  } finally {
    await Deno.remove(entry);
  }
}

async function denoInfo(config: string, entry: string): Promise<Info> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", config, entry],
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(`deno info fails: ${new TextDecoder().decode(stderr).trim()}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

function toGraph(info: Info, base: string, files: ReadonlySet<string>): Graph {
  const imports: Import[] = [];
  const broken: string[] = [];
  const local = (url: string) =>
    url.startsWith(base) ? decodeURIComponent(url.slice(base.length)) : url;
  for (const module of info.modules) {
    const from = local(module.specifier);
    if (module.error !== undefined) broken.push(`${from}: ${firstLine(module.error)}`);
    if (!files.has(from)) continue;
    for (const { specifier, code, type } of module.dependencies ?? []) {
      const target = code ?? type;
      if (target === undefined) continue;
      const line = target.span.start.line + 1;
      if (target.specifier === undefined) {
        broken.push(`${from}:${line}: "${specifier}": ${firstLine(target.error ?? "unresolved")}`);
      } else imports.push({ from, line, specifier, to: local(target.specifier) });
    }
  }
  return { imports, broken };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
