import { command, type Commands, flag, optional, path } from "@jumpstarter/lib/commands";
import { UsageError } from "@jumpstarter/lib/errors";
import type { PySerialClient } from "./client.ts";
import { runPipe } from "./pipe.ts";

const endings = {
  left: "console closed",
  input: "console closed: the keyboard is gone",
  device: "console closed: the exporter closed the port",
  signal: "console closed",
};

/** The `j` commands of a serial port. */
export const commands: Commands<PySerialClient> = {
  startConsole: command({
    does: "Open a console on the serial port; Ctrl-B three times leaves it",
    needsTerminal: true,
    async run(serial: PySerialClient, _values, io) {
      const { terminal } = io;
      if (terminal === undefined) {
        throw new UsageError('a console needs a terminal; use "pipe" without one');
      }
      const { runConsole } = await import("@jumpstarter/lib/adapters");
      const stream = await serial.stream("connect", { signal: io.signal });
      await io.note("console open; press Ctrl-B three times to leave");
      const { input, signal } = io;
      let isLineOpen = false;
      const end = await runConsole(stream, {
        input,
        terminal,
        signal,
        write(bytes) {
          isLineOpen = bytes.at(-1) !== 0x0a;
          return io.write(bytes);
        },
      });
      await io.note(`${isLineOpen ? "\n" : ""}${endings[end]}`);
    },
  }),
  pipe: command({
    does: "Copy the serial port to standard output or a file, and standard input to the port",
    options: {
      output: optional(path("write to a file instead of standard output", "o")),
      input: flag("send standard input even when it is a terminal", "i"),
      noInput: flag("send nothing"),
      append: flag("add to the file instead of replacing it", "a"),
      noOutput: flag("send standard input, show nothing, and end with it"),
    },
    run: runPipe,
  }),
};
