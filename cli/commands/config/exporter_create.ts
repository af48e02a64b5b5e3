import { type CommandIo, flag, optional, text } from "@jumpstarter/lib/commands";
import { createExporter, newExporterPath } from "@jumpstarter/lib/config";
import { UsageError } from "@jumpstarter/lib/errors";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { pathOption } from "@jumpstarter/lib/program/output";
import { ask } from "../../prompt.ts";
import { alias } from "./alias.ts";

/** What is asked for when it is not given. */
const questions = [
  { key: "namespace", question: "Namespace", isNeeded: true },
  { key: "name", question: "Name", isNeeded: true },
  { key: "endpoint", question: "Endpoint of the controller (empty: none)", isNeeded: false },
  { key: "token", question: "Token for the controller (empty: none)", isNeeded: false },
] as const;

type Answers = Partial<Record<typeof questions[number]["key"], string | undefined>>;

/** `jmp config exporter create`. */
export const create: CliCommand = cliCommand({
  does: "Write the file of a new exporter; what is not given is asked for",
  arguments: { alias },
  options: {
    namespace: optional(text("namespace of the exporter", "NAME")),
    name: optional(text("name of the exporter", "NAME")),
    endpoint: optional(text("controller; empty for none", "HOST:PORT")),
    token: optional(text("token for the controller; empty for none", "TOKEN")),
    insecureTls: flag("do not verify the controller's certificate", "k"),
    nointeractive: flag("ask nothing; what is missing is an error"),
    output: pathOption,
  },
  async run({ alias, insecureTls, nointeractive, output, ...given }, io) {
    await newExporterPath(alias); // what would fail in the end asks no questions before
    const answers = await complete(given, !nointeractive, io);
    const path = await createExporter(alias, {
      name: answers.name ?? "",
      ...nonEmpty(answers),
      tls: { insecure: insecureTls },
    });
    if (output === "path") await io.print(path);
  },
});

/** Asks for what was not given, where somebody is there to answer. */
async function complete(given: Answers, mayAsk: boolean, io: CommandIo): Promise<Answers> {
  const missing = questions.filter(({ key }) => given[key] === undefined);
  if (missing.length > 0 && !(mayAsk && io.input.isTerminal)) {
    const options = missing.map(({ key }) => `--${key}`).join(", ");
    throw new UsageError(`give ${options}; there is nobody to ask`);
  }
  const answers: Answers = { ...given };
  for (const { key, question, isNeeded } of missing) {
    answers[key] = await ask(io, question, { isNeeded });
  }
  for (const { key, isNeeded } of questions) {
    if (isNeeded && !answers[key]) throw new UsageError(`--${key} must not be empty`);
  }
  return answers;
}

/** Empty means none. */
function nonEmpty(answers: Answers): Record<string, string> {
  const entries = Object.entries(answers).filter(([, value]) => value);
  return Object.fromEntries(entries) as Record<string, string>;
}
