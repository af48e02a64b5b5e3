import assert from "node:assert/strict";
import { run } from "../support/programs.ts";
import { peer } from "./peer.ts";

/** A command line of `j`, its status, what it prints, and its standard input. */
export type Line = [line: string, status: number, output: RegExp, input?: string];

/** What came of a command line; standard output and error are one. */
interface Result {
  status: number;
  output: string;
}

/** Where command lines run. */
export interface Place {
  /** A shell around a command. */
  readonly shell: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env?: Record<string, string>;
}

/** Runs command lines one after the other in one shell. */
export type Runner = (lines: readonly Line[], place: Place) => Promise<Result[]>;

/** Milliseconds that all lines together may take. */
const DEADLINE = 120_000;

/** Runs the lines by a program, started anew for each. */
export function byProgram(...j: string[]): Runner {
  const program = j.map((word) => `'${word}'`).join(" ");
  return async (lines, { shell, ...place }) => {
    const { cwd } = place;
    const script = lines.map(([line], index) => {
      const [input, output] = [`'${cwd}/input-${index}'`, `'${cwd}/output-${index}'`];
      return `${program} ${line} <${input} >${output} 2>&1; echo $? >>'${cwd}/statuses'`;
    });
    for (const [index, [, , , input = ""]] of lines.entries()) {
      await Deno.writeTextFile(`${cwd}/input-${index}`, input);
    }
    await run([...shell, "sh", "-c", script.join("\n")], { ...place, timeout: DEADLINE });
    const statuses = await Deno.readTextFile(`${cwd}/statuses`);
    return await Promise.all(
      statuses.trim().split("\n").map(async (status, index) => ({
        status: Number(status),
        output: await Deno.readTextFile(`${cwd}/output-${index}`),
      })),
    );
  };
}

/** Runs the lines by the peer's `j`, in forks of one process; its status is that of its own code. */
export function byForks(script: string): Runner {
  return async (lines, { shell, ...place }) => {
    const file = `${place.cwd}/lines.json`;
    const wanted = lines.map(([line, , , input = ""]) => ({
      words: line.split(" ").filter((word) => word !== ""),
      input,
    }));
    await Deno.writeTextFile(file, JSON.stringify(wanted));
    // The repository is no place for compiled modules.
    const command = [...shell, (await peer()).python, "-B", script, file] as const;
    const { status, stdout, stderr } = await run(command, { ...place, timeout: DEADLINE });
    assert.equal(status, 0, stderr);
    return stdout.split("\n").filter((line) => line.startsWith('{"status":'))
      .map((line) => JSON.parse(line));
  };
}

/** Runs lines, and holds what came of them against the list. */
export async function assertLines(
  test: Deno.TestContext,
  lines: readonly Line[],
  runner: Runner,
  place: Place,
): Promise<void> {
  const results = await runner(lines, place);
  assert.equal(results.length, lines.length);
  for (const [index, [line, status, output]] of lines.entries()) {
    await test.step(`j ${line}`, () => {
      const found = results[index]!;
      assert.equal(found.status, status, found.output);
      assert.match(found.output, output);
    });
  }
}
