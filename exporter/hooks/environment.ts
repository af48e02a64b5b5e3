import type { HookPhase } from "./result.ts";

/** What a hook is told about the lease. */
export interface HookContext {
  /** When it runs. */
  readonly phase: HookPhase;
  /** Path of the hooks' socket. */
  readonly host: string;
  /** Name of the lease; `standalone` in direct mode. */
  readonly leaseName: string;
  /** Name of the client that has the lease; empty in direct mode. */
  readonly clientName: string;
  /** Where a beforeLease hook can leave a message for those who open a shell. */
  readonly motdFile?: string;
}

/** The environment of a hook, made from the exporter's own. */
export function hookEnvironment(
  base: Readonly<Record<string, string>>,
  { phase, host, leaseName, clientName, motdFile }: HookContext,
): Record<string, string> {
  const { PS1: _prompt, JMP_MOTD_FILE: _inherited, ...kept } = base;
  return {
    ...kept,
    JUMPSTARTER_HOST: host,
    JMP_DRIVERS_ALLOW: "UNSAFE",
    LEASE_NAME: leaseName,
    CLIENT_NAME: clientName,
    // Programs see a terminal, but nobody answers there.
    TERM: "dumb",
    DEBIAN_FRONTEND: "noninteractive",
    GIT_TERMINAL_PROMPT: "0",
    ...(phase === "beforeLease" && motdFile !== undefined ? { JMP_MOTD_FILE: motdFile } : {}),
  };
}
