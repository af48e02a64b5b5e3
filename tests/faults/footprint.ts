/** What a process has in the system, to be compared with what it had before. */

/** Open files of a process, by kind: `{ socket: 5, pipe: 2, "/dev/ptmx": 1 }`. */
export async function openFiles(pid: number): Promise<Record<string, number>> {
  const kinds: string[] = [];
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    const target = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => undefined);
    // Deno keeps its caches open or not, as it likes.
    if (target !== undefined && !/_cache_v\d/.test(target)) {
      kinds.push(target.replace(/:\[\d+\]$/, ""));
    }
  }
  const groups = Object.groupBy(kinds.sort(), (kind) => kind);
  return Object.fromEntries(Object.entries(groups).map(([kind, all]) => [kind, all!.length]));
}

/**
 * The command lines of the processes that come from one, wherever they stand in the tree by now: those
 * that carry a text in their environment, and its children, dead ones too.
 */
export async function descendants(pid: number, mark: string): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for await (const { name } of Deno.readDir("/proc")) {
    const other = Number(name);
    if (Number.isNaN(other) || other === pid) continue;
    try {
      const stat = await Deno.readTextFile(`/proc/${name}/stat`);
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const isMarked = (await Deno.readTextFile(`/proc/${name}/environ`)).includes(mark);
      if (!isMarked && Number(parent) !== pid) continue;
      const command = (await Deno.readTextFile(`/proc/${name}/cmdline`)).replaceAll("\0", " ");
      found.set(other, `${state} ${command.trim()}`);
    } catch {
      // It has ended meanwhile, or is another user's.
    }
  }
  return found;
}

/** Everything below some folders. */
export async function pathsBelow(...folders: string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const folder of folders) {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      paths.push(path, ...(isDirectory ? await pathsBelow(path) : []));
    }
  }
  return paths.sort();
}

/** How many connections a TCP port of this machine has. */
export async function connectionsAt(port: number): Promise<number> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = (await Deno.readTextFile("/proc/net/tcp")).split("\n").slice(1);
  return lines.map((line) => line.trim().split(/\s+/))
    .filter(([, from, , state]) => from?.endsWith(local) && state === ESTABLISHED).length;
}

/** As the kernel spells it. */
const ESTABLISHED = "01";
