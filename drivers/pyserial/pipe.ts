import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { CommandIo, Input } from "@jumpstarter/lib/commands";
import { JumpstarterError, NotImplementedError, UsageError } from "@jumpstarter/lib/errors";
import type { ByteStream } from "@jumpstarter/lib/streams";
import type { PySerialClient } from "./client.ts";
import { type Destination, discard, openDestination } from "./pipe_destination.ts";

/** What `j serial pipe` is told. */
export interface PipeValues {
  output: string | undefined;
  input: boolean;
  noInput: boolean;
  append: boolean;
  noOutput: boolean;
}

/** Copies between the port and standard streams or a file, until the port ends or Ctrl-C. */
export async function runPipe(
  serial: PySerialClient,
  values: PipeValues,
  io: CommandIo,
): Promise<void> {
  const sends = !values.noInput && (values.input || !io.input.isTerminal);
  refuseContradictions(values, sends);
  const { signal } = io;
  const file = values.output === undefined ? undefined : resolve(io.cwd, values.output);
  await using destination = values.noOutput
    ? discard
    : await openDestination(file, values.append, io);
  await using stream = await serial.stream("connect", { signal });
  await io.note(`copying ${directions(values, sends)}; Ctrl-C ends it`);
  const stopped = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => stopped.resolve(), { once: true });
  const receiving = receive(stream, destination);
  const sending = sends ? new Sending(stream, io.input) : undefined;
  try {
    const work = values.noOutput && sending !== undefined
      ? sendOnly(serial, sending, receiving, signal)
      : showAll(sending, receiving);
    await Promise.race([work, stopped.promise]);
    if (!signal.aborted) await io.note(values.noOutput ? "all is sent" : "the port was closed");
  } catch (error) {
    // What breaks by Ctrl-C is no failure.
    if (!signal.aborted) throw error;
  }
}

function refuseContradictions(values: PipeValues, sends: boolean): void {
  const { output, input, noInput, append, noOutput } = values;
  const faults: [boolean, string][] = [
    [input && noInput, "--input and --no-input exclude each other"],
    [noOutput && output !== undefined, "--no-output and --output exclude each other"],
    [noOutput && append, "--no-output and --append exclude each other"],
    [append && output === undefined, "--append needs a file: --output FILE"],
    [noOutput && !sends, "--no-output needs input: pipe something in, or give --input"],
  ];
  const fault = faults.find(([isGiven]) => isGiven);
  if (fault !== undefined) throw new UsageError(fault[1]);
}

function directions({ output, noOutput }: PipeValues, sends: boolean): string {
  return [
    ...(noOutput ? [] : [`the port to ${output ?? "standard output"}`]),
    ...(sends ? ["standard input to the port"] : []),
  ].join(" and ");
}

/** Standard input on its way to the port. */
class Sending {
  /** Bytes read from standard input. */
  taken = 0;
  /** Bytes handed to the port. */
  sent = 0;
  isComplete = false;
  readonly done: Promise<void>;

  constructor(stream: ByteStream, input: Input) {
    this.done = this.#run(stream, input);
  }

  async #run(stream: ByteStream, input: Input): Promise<void> {
    for (let chunk = await input.read(); chunk !== null; chunk = await input.read()) {
      this.taken += chunk.length;
      await stream.write(chunk);
      this.sent += chunk.length;
    }
    await stream.closeWrite();
    this.isComplete = true;
  }
}

async function receive(stream: ByteStream, { write }: Destination): Promise<void> {
  for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
    await write(chunk);
  }
}

/** Goes on until the port ends, after the end of standard input too. */
async function showAll(sending: Sending | undefined, receiving: Promise<void>): Promise<void> {
  await Promise.race([receiving, sending?.done.then(() => receiving) ?? receiving]);
}

/** Goes on until all input has left the port; fails when the port ends before. */
async function sendOnly(
  serial: PySerialClient,
  sending: Sending,
  receiving: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await Promise.race([sending.done.then(() => drain(serial, signal)), receiving]);
  } catch (cause) {
    throw incomplete(sending, (cause as Error).message, cause);
  }
  if (!sending.isComplete) throw incomplete(sending, "the port was closed");
}

function incomplete({ taken, sent }: Sending, reason: string, cause?: unknown): JumpstarterError {
  return new JumpstarterError(
    "incomplete",
    `the input did not get through, ${sent} of ${taken} bytes read were sent: ${reason}`,
    { cause },
  );
}

/** Milliseconds for the last bytes on exporters that cannot tell when they have left. */
const GRACE = 500;

async function drain(serial: PySerialClient, signal: AbortSignal): Promise<void> {
  try {
    await serial.drain({ signal });
  } catch (error) {
    if (!(error instanceof NotImplementedError)) throw error;
    await delay(GRACE, undefined, { signal });
  }
}
