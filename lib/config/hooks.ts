import type { Fields, SectionRules } from "./fields.ts";
import { present } from "./present.ts";

/** What happens when a hook fails. */
export type OnFailure = "warn" | "endLease" | "exit";

/** A script that runs around a lease. */
export interface Hook {
  /** The script itself, or the path of one. */
  readonly script: string;
  /** The interpreter; without it the script decides. */
  readonly exec?: string;
  /** Milliseconds that the script may take. */
  readonly timeout: number;
  /** What follows when the hook fails. */
  readonly onFailure: OnFailure;
}

/** The hooks of an exporter. */
export interface Hooks {
  /** Runs before a client gets the device. */
  readonly beforeLease?: Hook;
  /** Runs when a client has left the device. */
  readonly afterLease?: Hook;
}

const DEFAULT_TIMEOUT = 120;

const HOOKS: SectionRules = { keys: ["beforeLease", "afterLease"], takesSnakeCase: true };
const HOOK: SectionRules = {
  keys: ["script", "exec", "timeout", "onFailure"],
  takesSnakeCase: true,
};

/** Reads `hooks:`. Fails with `ConfigError`. */
export function readHooks(file: Fields): Hooks {
  const hooks = file.section("hooks", HOOKS);
  const beforeLease = hooks && readHook(hooks, "beforeLease");
  const afterLease = hooks && readHook(hooks, "afterLease");
  return present({ beforeLease, afterLease });
}

function readHook(hooks: Fields, name: "beforeLease" | "afterLease"): Hook | undefined {
  if (hooks.optionalMap(name) === undefined) return undefined;
  const hook = hooks.section(name, HOOK)!;
  const script = hook.text("script") ?? hooks.refuse(name, 'has no "script"');
  return {
    script,
    ...present({ exec: hook.text("exec") }),
    timeout: (hook.wholeNumber("timeout") ?? DEFAULT_TIMEOUT) * 1000,
    onFailure: hook.choice("onFailure", ["warn", "endLease", "exit"]) ?? "warn",
  };
}
