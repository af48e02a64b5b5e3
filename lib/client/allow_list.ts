import { ClientNotAllowedError, UsageError } from "../errors.ts";

/** Which driver clients may be used, by label: all, or those that match a pattern. */
export class AllowList {
  #patterns: readonly RegExp[] | undefined;

  /**
   * Patterns are shell globs over the whole label: `*` (dots too), `?`, `[…]`, `[!…]`. Fails with
   * `UsageError` that names one that cannot be read.
   */
  constructor(patterns: readonly string[] | undefined) {
    this.#patterns = patterns?.map(globExpression);
  }

  /** Reads `JMP_DRIVERS_ALLOW`: patterns separated by commas; `UNSAFE`, or no value, allows all. */
  static parse(text: string | undefined): AllowList {
    const patterns = text?.split(",").map((pattern) => pattern.trim());
    return new AllowList(patterns?.includes("UNSAFE") ? undefined : patterns);
  }

  /** Whether the client of this label may be used. */
  allows(label: string): boolean {
    return this.#patterns?.some((pattern) => pattern.test(label)) ?? true;
  }

  /** Fails when the label is not allowed, naming the child. */
  check(child: string, label: string): void {
    if (this.allows(label)) return;
    throw new ClientNotAllowedError(
      `"${child}" needs the driver client ${label}, which JMP_DRIVERS_ALLOW does not allow`,
    );
  }
}

function globExpression(glob: string): RegExp {
  const source = glob.replace(/\[(!?)([^\]]+)\]|[*?]|[\\^$.|+(){}[\]]/g, (part, not, set) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (set === undefined) return `\\${part}`;
    return `[${not ? "^" : ""}${set.replaceAll("\\", "\\\\").replaceAll("^", "\\^")}]`;
  });
  try {
    return new RegExp(`^${source}$`, "s");
  } catch (cause) {
    const reason = (cause as Error).message.replace(/.*: /s, "").toLowerCase();
    throw new UsageError(`"${glob}" in JMP_DRIVERS_ALLOW is no pattern: ${reason}`, { cause });
  }
}
