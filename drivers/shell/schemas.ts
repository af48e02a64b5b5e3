import type { Schema } from "@jumpstarter/lib/driver";
import * as v from "valibot";

/** One method of a {@linkcode ShellConfig}, when it is more than a script. */
export interface MethodConfig {
  /** The script. */
  command: string;
  /** What the method does, for help. */
  description?: string | undefined;
  /** Seconds that it may take. */
  timeout?: number | undefined;
}

/** Settings of a `Shell`. */
export interface ShellConfig {
  /** Scripts by the names of their methods. */
  methods: Record<string, string | MethodConfig>;
  /** The program that runs a script, with its first arguments. */
  shell: [string, ...string[]];
  /** Seconds that a method may take, if it does not say itself. */
  timeout: number;
  /** Where scripts run; the exporter's own folder by default. */
  cwd: string | null;
}

const seconds = v.pipe(v.number(), v.integer("is no whole number of seconds"), v.minValue(1));

const method = v.strictObject({
  command: v.optional(v.string(), "echo Hello"),
  description: v.optional(v.string()),
  timeout: v.optional(seconds),
});

/** Checks the settings of a `Shell`. */
export const shellConfig: Schema<ShellConfig> = v.strictObject({
  methods: v.record(v.string(), v.union([v.string(), method])),
  shell: v.optional(v.tupleWithRest([v.string()], v.string()), ["bash", "-c"]),
  timeout: v.optional(seconds, 300),
  cwd: v.optional(v.nullable(v.string()), null),
});

const BLOCKED = [
  "LD_PRELOAD",
  "LD_LIBRARY_PATH",
  "PATH",
  "PYTHONPATH",
  "BASH_ENV",
  "KUBECONFIG",
  "HOME",
];
const BLOCKED_PREFIXES = ["LD_", "BASH_FUNC_"];

/** Environment variables from a client: those that change what a script runs are refused. */
export const environment: Schema<Record<string, string> | null | undefined> = v.nullish(
  v.record(
    v.pipe(
      v.string(),
      v.regex(
        /^[A-Za-z_][A-Za-z0-9_]*$/,
        ({ received }) => `${received} is no name of an environment variable`,
      ),
      v.check(
        (name) => !isBlocked(name),
        ({ received }) => `${received} is blocked for security reasons`,
      ),
    ),
    v.string(),
  ),
);

function isBlocked(name: string): boolean {
  return BLOCKED.includes(name) || BLOCKED_PREFIXES.some((prefix) => name.startsWith(prefix));
}
