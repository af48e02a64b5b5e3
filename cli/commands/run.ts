import { runCommand } from "@jumpstarter/exporter/run";
import type { CliCommand } from "@jumpstarter/lib/program";
import { installLauncher } from "../shell/launcher.ts";

/** `jmp run`: hooks find `j` without anything being installed. */
export const run: CliCommand = runCommand((dir, host) =>
  // There is no shell that has the board at hand: each `j` is a process of its own.
  installLauncher(dir, { warm: dir.file("none"), session: host })
);
