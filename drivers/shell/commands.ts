import {
  type Command,
  command,
  type CommandIo,
  type Commands,
  repeated,
  text,
} from "@jumpstarter/lib/commands";
import { UsageError } from "@jumpstarter/lib/errors";
import type { ShellClient } from "./client.ts";

/** The `j` commands of a shell driver: one for each of its methods. */
export async function commandsOf(client: ShellClient): Promise<Commands<ShellClient>> {
  const names = await client.methods();
  return Object.fromEntries(names.map((name) => [name, methodCommand(client, name)]));
}

function methodCommand({ node }: ShellClient, name: string): Command<ShellClient> {
  return command({
    does: node.methodsDescription[name] ?? `Execute the ${name} shell method`,
    arguments: { args: repeated(text("passed on to the script, options included")) },
    options: { env: repeated(text("environment variable for the script", "KEY=VALUE", "e")) },
    passesOptions: true,
    async run(shell: ShellClient, { args, env }, io) {
      const options = { env: Object.fromEntries(env.map(splitVariable)), signal: io.signal };
      const errors = new Lines(io);
      let status = 0;
      for await (const { stdout, stderr, returnCode } of shell.output(name, args, options)) {
        if (stdout !== "") await io.write(new TextEncoder().encode(stdout));
        await errors.add(stderr);
        status = statusOf(returnCode ?? 0);
      }
      await errors.end();
      return status;
    },
  });
}

/** A script that a signal ended has the status that shells give it. */
function statusOf(returnCode: number): number {
  return returnCode < 0 ? 128 - returnCode : returnCode;
}

function splitVariable(given: string): [string, string] {
  const equals = given.indexOf("=");
  if (equals < 1) throw new UsageError(`Invalid --env value '${given}'. Use KEY=VALUE.`);
  return [given.slice(0, equals), given.slice(equals + 1)];
}

/** Writes text to standard error, line by line. */
class Lines {
  #io: CommandIo;
  #started = "";

  constructor(io: CommandIo) {
    this.#io = io;
  }

  async add(text: string): Promise<void> {
    const lines = (this.#started + text).split("\n");
    this.#started = lines.pop()!;
    for (const line of lines) await this.#io.note(line);
  }

  async end(): Promise<void> {
    if (this.#started !== "") await this.#io.note(this.#started);
  }
}
