import {
  choice,
  command,
  type CommandIo,
  type Commands,
  flag,
  optional,
  path,
  repeated,
  text,
} from "@jumpstarter/lib/commands";
import { CONTENT_ENCODINGS, type TransferOptions } from "@jumpstarter/lib/driver";
import { UsageError } from "@jumpstarter/lib/errors";
import { webUrl } from "@jumpstarter/lib/streams";
import { nameOf, sinkOf, sourceOf, summary } from "./command_streams.ts";
import type { FlasherClient } from "./flasher_client.ts";

const compression = optional(
  choice(CONTENT_ENCODINGS, "how the file is compressed on this side"),
);

/** The `j` commands of a flasher. */
export const commands: Commands<FlasherClient> = {
  flash: command({
    does: "Write an image to the device",
    arguments: {
      file: repeated(
        path("image to write: a file, a URL that the exporter fetches, or - for standard input"),
      ),
    },
    options: {
      target: repeated(text("write a file to a place on the device", "NAME:FILE", "t")),
      compression,
      verify: flag("read the image back and compare"),
      resume: flag("send only what has not arrived before an interruption"),
    },
    async run(flasher: FlasherClient, { file, target, ...how }, io) {
      const [first] = file;
      const images = target.length > 0
        ? target.map(splitTarget)
        : [{ name: undefined, file: first }];
      for (const { name, file } of images) {
        if (file === undefined) {
          throw new UsageError("FILE argument is required unless --target/-t is used");
        }
        await flashOne(flasher, { name, file, ...how }, io);
      }
    },
  }),
  dump: command({
    does: "Read an image back from the device",
    arguments: {
      file: path(
        "where to write it: a file, a URL that the exporter sends it to, or - for standard output",
      ),
    },
    options: {
      target: optional(text("read from this place on the device", "NAME", "t")),
      compression,
    },
    async run(flasher: FlasherClient, { file, target, compression }, io) {
      const started = performance.now();
      using progress = io.progress(`${flasher.name} → ${nameOf(file)}`);
      const read = await flasher.dump(sinkOf(io, file), {
        signal: io.signal,
        onProgress: (done) => progress.update(done),
        onNote: (text) => io.note(text),
        ...(target === undefined ? {} : { target }),
        ...(compression === undefined ? {} : { encoding: compression }),
      });
      progress[Symbol.dispose]();
      await io.note(summary("read", read, started));
    },
  }),
};

interface Job {
  name: string | undefined;
  file: string;
  compression: TransferOptions["encoding"];
  verify: boolean;
  resume: boolean;
}

async function flashOne(flasher: FlasherClient, job: Job, io: CommandIo): Promise<void> {
  const started = performance.now();
  const label = `${nameOf(job.file)} → ${job.name ?? flasher.name}`;
  if (webUrl(job.file) !== undefined) await io.note(`${label}: the exporter fetches it`);
  let progress = io.progress(label);
  try {
    let isVerifying = false;
    const written = await flasher.flash(sourceOf(io, job.file), {
      signal: io.signal,
      verify: job.verify,
      resume: job.resume,
      onNote: (text) => io.note(text),
      onProgress: (done, total) => progress.update(done, total),
      onVerify(done, total) {
        if (!isVerifying) {
          isVerifying = true;
          progress[Symbol.dispose]();
          progress = io.progress(`${label}, reading back`);
        }
        progress.update(done, total);
      },
      ...(job.name === undefined ? {} : { target: job.name }),
      ...(job.compression === undefined ? {} : { encoding: job.compression }),
    });
    progress[Symbol.dispose]();
    await io.note(summary(job.verify ? "written and verified" : "written", written, started));
  } finally {
    progress[Symbol.dispose]();
  }
}

function splitTarget(spec: string): { name: string; file: string } {
  const colon = spec.indexOf(":");
  if (colon < 1) throw new UsageError(`Invalid target spec '${spec}', expected name:file`);
  return { name: spec.slice(0, colon), file: spec.slice(colon + 1) };
}
