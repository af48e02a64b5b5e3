import type { SocketDir } from "@jumpstarter/exporter";

/** What `j` may do: read images, write dumps, talk to the session, listen for forwards. */
const J_PERMISSIONS = ["--allow-read", "--allow-write", "--allow-net", "--allow-env"];

/** Puts `j` into the session's folder; the folder to add to the PATH. */
export async function installLauncher(dir: SocketDir): Promise<string> {
  const bin = dir.file("bin");
  await Deno.mkdir(bin, { mode: 0o700 });
  const words = [...ownProgram(), "j"].map(quoted).join(" ");
  await Deno.writeTextFile(`${bin}/j`, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o700 });
  return bin;
}

/** The command line that runs this very program. */
function ownProgram(): string[] {
  if (Deno.build.standalone) return [Deno.execPath()];
  const main = new URL(import.meta.resolve("../main.ts"));
  const script = main.protocol === "file:" ? decodeURIComponent(main.pathname) : main.href;
  return [Deno.execPath(), "run", "--quiet", "--no-prompt", ...J_PERMISSIONS, script];
}

/** A word that a shell takes as it stands. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
