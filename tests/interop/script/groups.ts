import type { Group } from "../checks.ts";
import type { Check } from "./board.ts";

/** Milliseconds that a check may take. */
export const DEADLINE = 20_000;

/** The checks of each group. */
export const groups: Record<Group, () => Promise<{ checks: Record<string, Check> }>> = {
  composite: () => import("./composite.ts"),
  power: () => import("./power.ts"),
  network: () => import("./network.ts"),
  serial: () => import("./serial.ts"),
  files: () => import("./files.ts"),
  flasher: () => import("./flasher.ts"),
  messages: () => import("./messages.ts"),
  mux: () => import("./mux.ts"),
  shell: () => import("./shell.ts"),
  errors: () => import("./errors.ts"),
  session: () => import("./session.ts"),
};
