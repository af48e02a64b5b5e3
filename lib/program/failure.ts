import { JumpstarterError } from "../errors.ts";

/** Exit statuses. */
export const EXIT = {
  OK: 0,
  FAILURE: 1,
  USAGE: 2,
  CANCELLED: 2,
  NOT_RUNNABLE: 126,
  NOT_FOUND: 127,
  /** Output that nobody reads any more ends a command as SIGPIPE would. */
  BROKEN_PIPE: 141,
};

/** What a user is told of an error: a sentence; where it came from only on demand. */
export function explain(error: unknown): string {
  const isExpected = error instanceof JumpstarterError || isSystemError(error);
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const trace = Deno.env.get("JMP_DEBUG") ? `\n${error.stack}` : "";
  const name = isExpected ? "" : `${error.name}: `;
  return `error: ${name}${error.message}${trace}`;
}

function isSystemError(error: unknown): boolean {
  const known = error instanceof Error
    ? (Deno.errors as Record<string, unknown>)[error.name]
    : undefined;
  return typeof known === "function" || typeof (error as { code?: unknown }).code === "string";
}
