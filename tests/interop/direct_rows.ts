import assert from "node:assert/strict";
import type { Finished } from "../support/programs.ts";

/** What people see of a program. */
export interface Sight {
  readonly status: number;
  /** What stands on standard output, and on standard error. */
  readonly stdout?: readonly RegExp[];
  readonly stderr?: readonly RegExp[];
  /** What stands nowhere. */
  readonly nowhere?: RegExp;
}

/** A shell on an exporter in the network. */
interface Shell {
  /** Options in place of those that fit the exporter. */
  readonly flags?: readonly string[];
  /** More options. */
  readonly more?: readonly string[];
  /** What runs in the shell; `true` by default, and nothing for an interactive shell. */
  readonly command?: readonly string[];
}

/** A shell with a name, and what its user sees. */
export interface ShellRow extends Shell, Sight {
  readonly name: string;
  readonly env?: Record<string, string>;
}

/** Shells on one exporter, and what its own user sees in the end. */
export interface Group {
  readonly name: string;
  /** What shells have to say to enter. */
  readonly flags: readonly string[];
  readonly rows: readonly ShellRow[];
  readonly end: Sight;
}

/** What a group's programs have left behind. */
export interface Visit {
  readonly shells: readonly Finished[];
  readonly ended: Finished;
}

/** Visits the exporters of all groups at once, and then judges what each shell has seen. */
export async function judge<G extends Group>(
  test: Deno.TestContext,
  groups: readonly G[],
  visit: (group: G) => Promise<Visit>,
): Promise<void> {
  const visits = groups.map(visit);
  await Promise.allSettled(visits);
  for (const [at, { name, rows, end }] of groups.entries()) {
    await test.step(name, async (test) => {
      const { shells, ended } = await visits[at]!;
      for (const [index, row] of rows.entries()) {
        await test.step(row.name, () => assertSight(row, shells[index]!));
      }
      await test.step("the exporter's own end", () => assertSight(end, ended));
    });
  }
}

/** The words of a shell's command line. */
export function shellWords(
  address: string,
  fitting: readonly string[],
  { flags = fitting, more = [], command = ["true"] }: Shell,
): string[] {
  const tail = command.length === 0 ? [] : ["--", ...command];
  return ["shell", "--tls-grpc", address, ...flags, ...more, ...tail];
}

/** Holds what a program has left behind against what people see. */
export function assertSight(
  { status, stdout = [], stderr = [], nowhere }: Sight,
  found: Finished,
): void {
  const said = `\n${found.stdout}\n--\n${found.stderr}`;
  for (const pattern of stdout) assert.match(found.stdout, pattern, `${pattern}:${said}`);
  for (const pattern of stderr) assert.match(found.stderr, pattern, `${pattern}:${said}`);
  if (nowhere !== undefined) {
    assert.doesNotMatch(found.stdout + found.stderr, nowhere, `${nowhere}:${said}`);
  }
  assert.equal(found.status, status, said);
}
