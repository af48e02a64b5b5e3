import { basename, extname } from "node:path";
import type { Hook } from "@jumpstarter/lib/config";

/** What a command line depends on, besides the hook. */
export interface CommandLineHost {
  /** Whether a path leads to a regular file. */
  isFile(path: string): boolean;
  /** The running program; a script for Deno runs with it if it is Deno. */
  readonly execPath: string;
}

const SHELL = "/bin/sh";

/**
 * The interpreter of a hook and its arguments. A script of one line that is the path of a file is
 * that file, in the language of its extension; anything else is the text of a shell script.
 */
export function commandLine(
  { script, exec }: Pick<Hook, "script" | "exec">,
  host: CommandLineHost,
): [string, ...string[]] {
  const path = script.trim();
  if (path.includes("\n") || !host.isFile(path)) return [exec ?? SHELL, "-c", script];
  if (exec !== undefined) return [exec, path];
  const interpreter = interpreters(host.execPath)[extname(path).toLowerCase()] ?? [SHELL];
  return [...interpreter, path];
}

function interpreters(execPath: string): Readonly<Record<string, [string, ...string[]]>> {
  const deno: [string, ...string[]] = [execPath, "run", "-A", "-q", "--no-prompt"];
  // An executable made by `deno compile` runs no other scripts.
  const isDeno = basename(execPath).replace(/\.exe$/, "") === "deno";
  return { ".py": ["python3"], ...(isDeno ? { ".ts": deno, ".js": deno } : {}) };
}
