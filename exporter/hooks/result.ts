import type { OnFailure } from "@jumpstarter/lib/config";

/** When a hook runs; also the source of its log records. */
export type HookPhase = "beforeLease" | "afterLease";

/** How a hook went. */
export type HookResult =
  | { readonly kind: "success" }
  /** The script ended with a code other than 0. */
  | { readonly kind: "exited"; readonly code: number }
  /** A signal ended the script; not one of ours. */
  | { readonly kind: "signalled"; readonly signal: number }
  /** The script was ended after so many milliseconds. */
  | { readonly kind: "timedOut"; readonly timeout: number }
  /** The interpreter could not be started. */
  | { readonly kind: "notStarted"; readonly reason: string }
  /** The exporter could not run the hook. */
  | { readonly kind: "internal"; readonly reason: string }
  /** The script was ended because the exporter wants to stop. */
  | { readonly kind: "stopped" };

/** What the rules for a hook's effects tell apart. */
export type Verdict = "success" | "stopped" | "internal" | OnFailure;

/** What a result means for a hook with this `onFailure`. */
export function verdictOf({ kind }: HookResult, onFailure: OnFailure): Verdict {
  return kind === "success" || kind === "stopped" || kind === "internal" ? kind : onFailure;
}

/** A result for people, as statuses and the log name it. */
export function describe(result: HookResult): string {
  switch (result.kind) {
    case "success":
      return "Hook succeeded";
    case "stopped":
      return "Hook stopped with the exporter";
    case "exited":
      return `Hook failed with exit code ${result.code}`;
    case "signalled":
      return `Hook failed with exit code -${result.signal}`;
    case "timedOut":
      return `Hook timed out after ${result.timeout / 1000} seconds`;
    case "notStarted":
    case "internal":
      return `Error executing hook: ${result.reason}`;
  }
}
