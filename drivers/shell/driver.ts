import { Driver, type DriverContext, exported, rest, type Schema } from "@jumpstarter/lib/driver";
import { InvalidArgumentError } from "@jumpstarter/lib/errors";
import * as v from "valibot";
import { environment, type MethodConfig, type ShellConfig, shellConfig } from "./schemas.ts";
import { Script } from "./script.ts";

/** What came on standard output and error, and the exit status with the last item. */
export type ScriptItem = [stdout: string, stderr: string, returnCode: number | null];

/** The exit status of a script that took too long. */
const TIMED_OUT = 199;
/**
 * Milliseconds after which a silent script gets an empty item: only then can it be ended for a
 * client that has gone.
 */
const HEARTBEAT = 1_000;
/** Milliseconds that a script has to end with its session. */
const CLOSE_TIMEOUT = 2_000;

/** Runs scripts of the exporter's file: a driver for what has a command line and no driver yet. */
export class Shell extends Driver<ShellConfig> {
  static override readonly client = "jumpstarter_driver_shell.client.ShellClient";
  static override readonly driverType = "shell";
  static override readonly config: Schema<ShellConfig> = shellConfig;

  #running = new Set<Script>();

  constructor(context: DriverContext<ShellConfig>) {
    const described = Object.entries(context.config.methods).flatMap(([name, method]) => {
      const { description } = configOf(method);
      return description === undefined ? [] : [[name, description]];
    });
    const methodsDescription = {
      ...Object.fromEntries(described) as Record<string, string>,
      ...context.methodsDescription,
    };
    super({ ...context, methodsDescription });
  }

  /** The names of the methods, as they stand in the file. */
  @exported
  getMethods(): string[] {
    return Object.keys(this.config.methods);
  }

  /**
   * Runs a script: `$0` is the name of the method, `$1` and so on are the arguments. Output comes as
   * it is written, the exit status with the last item: 199 for a script that took too long, and
   * negative, the number of a signal that ended it.
   */
  @exported(v.string(), environment, rest(v.array(v.string())))
  async *callMethod(
    name: string,
    env: Record<string, string> | null | undefined,
    args: string[],
  ): AsyncGenerator<ScriptItem> {
    const { command, timeout = this.config.timeout } = this.#method(name);
    if (command.trim() === "") {
      throw new InvalidArgumentError(`the script of ${name} is empty in the exporter's file`);
    }
    await this.#checkFolder();
    const { shell, cwd } = this.config;
    await using script = new Script({
      command: [...shell, command, name, ...args],
      env: env ?? {},
      cwd,
    });
    this.#running.add(script);
    try {
      const end = performance.now() + timeout * 1000;
      for (;;) {
        const left = end - performance.now();
        if (left <= 0) return yield await this.#timedOut(script, name, timeout);
        const texts = await script.next(Math.min(left, HEARTBEAT));
        if (script.returnCode !== undefined) return yield [...texts, script.returnCode];
        yield [...texts, null];
      }
    } finally {
      this.#running.delete(script);
    }
  }

  async #timedOut(script: Script, name: string, timeout: number): Promise<ScriptItem> {
    this.log.error(`${name} took longer than ${timeout} s and was ended`);
    await script.end();
    return ["", `\n${name} took longer than ${timeout} s and was ended\n`, TIMED_OUT];
  }

  #method(name: string): MethodConfig {
    const { methods } = this.config;
    if (Object.hasOwn(methods, name)) return configOf(methods[name]!);
    throw new InvalidArgumentError(
      `there is no method "${name}"; there are ${Object.keys(methods).join(", ")}`,
    );
  }

  async #checkFolder(): Promise<void> {
    const { cwd } = this.config;
    if (cwd === null) return;
    const isFolder = await Deno.stat(cwd).then((info) => info.isDirectory, () => false);
    if (!isFolder) throw new InvalidArgumentError(`cwd is ${cwd}, and there is no such folder`);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((script) => script.end(CLOSE_TIMEOUT)));
  }
}

function configOf(method: string | MethodConfig): MethodConfig {
  return typeof method === "string" ? { command: method } : method;
}
