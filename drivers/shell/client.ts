import { type CallOptions, DriverClient } from "@jumpstarter/lib/driver";
import { DriverError } from "@jumpstarter/lib/errors";

/** What a script wrote since the last time. */
export interface ScriptOutput {
  /** On standard output. */
  readonly stdout: string;
  /** On standard error. */
  readonly stderr: string;
  /** The exit status, at the end: 199 after a timeout, negative the number of a signal. */
  readonly returnCode: number | null;
}

/** What became of a script. */
export interface ScriptResult extends ScriptOutput {
  /** The exit status: 199 after a timeout, negative the number of a signal. */
  readonly returnCode: number;
}

/** Options of {@linkcode ShellClient.run}. */
export interface RunOptions extends CallOptions {
  /** Environment variables for the script. */
  env?: Readonly<Record<string, string>>;
}

/**
 * Runs the scripts that the exporter's file names.
 *
 * ```ts
 * import type { ShellClient } from "@jumpstarter/drivers/shell";
 *
 * export async function serialNumber(shell: ShellClient): Promise<string> {
 *   const { stdout, returnCode } = await shell.run("serial_number", ["--short"]);
 *   if (returnCode !== 0) throw new Error(`serial_number ended with ${returnCode}`);
 *   return stdout.trim();
 * }
 * ```
 */
export class ShellClient extends DriverClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_shell.client.ShellClient",
  ];

  /** The names of the scripts. */
  async methods(): Promise<string[]> {
    return await this.call("get_methods") as string[];
  }

  /** Runs a script and gathers what it writes. An exit status other than 0 is no error. */
  async run(
    method: string,
    args: readonly string[] = [],
    options: RunOptions = {},
  ): Promise<ScriptResult> {
    const result = { stdout: "", stderr: "", returnCode: 0 };
    for await (const { stdout, stderr, returnCode } of this.output(method, args, options)) {
      result.stdout += stdout;
      result.stderr += stderr;
      result.returnCode = returnCode ?? 0;
    }
    return result;
  }

  /**
   * Runs a script and gives what it writes as it comes; the last part has the exit status. Leaving the
   * loop ends the script.
   */
  async *output(
    method: string,
    args: readonly string[] = [],
    options: RunOptions = {},
  ): AsyncGenerator<ScriptOutput> {
    const { env = {}, ...call } = options;
    for await (const item of this.invokeStreaming("call_method", [method, env, ...args], call)) {
      const [stdout, stderr, returnCode] = item as [string, string, number | null];
      yield { stdout, stderr, returnCode };
      if (returnCode !== null) return;
    }
    throw new DriverError(`${method} ended without an exit status`);
  }
}
