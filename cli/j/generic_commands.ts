import {
  type Command,
  command,
  type Input,
  repeated,
  text,
  withDefault,
} from "@jumpstarter/lib/commands";
import type { DriverClient } from "@jumpstarter/lib/driver";
import { NotImplementedError, UsageError } from "@jumpstarter/lib/errors";
import { type ByteStream, readAll } from "@jumpstarter/lib/streams";

/** What `j` offers for a driver whose client it does not know. */
export const genericCommands: Readonly<Record<string, Command>> = {
  call: command({
    does: "Call a method; arguments are JSON, answers are printed as JSON",
    arguments: {
      method: text("name of the method on the wire", "METHOD"),
      values: repeated(text("arguments in order", "JSON")),
    },
    async run(driver: DriverClient, { method, values }, io) {
      const args = values.map(readJson);
      try {
        await io.print(JSON.stringify(await driver.invoke(method, args, io)));
      } catch (error) {
        // A method that streams its answers is not there for a unary call.
        if (!(error instanceof NotImplementedError)) throw error;
        let isFirst = true;
        try {
          for await (const item of driver.invokeStreaming(method, args, io)) {
            isFirst = false;
            await io.print(JSON.stringify(item));
          }
        } catch (streamingError) {
          const isNeither = isFirst && streamingError instanceof NotImplementedError;
          throw isNeither ? error : streamingError;
        }
      }
    },
  }),
  stream: command({
    does: "Connect standard input and output to a byte stream",
    arguments: { method: withDefault(text("name of the stream", "METHOD"), "connect") },
    async run(driver: DriverClient, { method }, io) {
      await using stream = await driver.stream(method, io);
      const sending = send(io.input, stream);
      for await (const chunk of readAll(stream)) await io.write(chunk);
      sending.catch(() => {}); // the driver has said all it had to say
    },
  }),
};

async function send(input: Input, stream: ByteStream): Promise<void> {
  for (let chunk = await input.read(); chunk !== null; chunk = await input.read()) {
    await stream.write(chunk);
  }
  await stream.closeWrite();
}

function readJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch (cause) {
    throw new UsageError(`"${given}" is no JSON; a text needs quotes: '"${given}"'`, { cause });
  }
}
