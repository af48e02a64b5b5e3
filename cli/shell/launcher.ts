import { shellWords } from "@jumpstarter/lib/program";
import type { SocketDir } from "@jumpstarter/lib/rpc";

/** What `j` may do: read images, write dumps, talk to the session, listen for forwards. */
const J_PERMISSIONS = ["--allow-read", "--allow-write", "--allow-net", "--allow-env"];

/** Puts `j` into the session's folder; the folder to add to the PATH. */
export async function installLauncher(
  dir: SocketDir,
  sockets: { warm: string; session: string },
): Promise<string> {
  const bin = dir.file("bin");
  await Deno.mkdir(bin, { mode: 0o700 });
  const words = shellWords(...launcher(), sockets.warm, sockets.session);
  await Deno.writeTextFile(`${bin}/j`, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o700 });
  return bin;
}

/** The command line that runs the launcher: from its source, or as a command of an executable. */
function launcher(): string[] {
  if (Deno.build.standalone) return [Deno.execPath(), "launch-j"];
  const module = new URL(import.meta.resolve("../warm/launcher.ts"));
  const script = module.protocol === "file:" ? decodeURIComponent(module.pathname) : module.href;
  return [Deno.execPath(), "run", "--quiet", "--no-prompt", ...J_PERMISSIONS, script];
}
