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
import { inputStream, outputStream, resolvePath, summary } from "./command_streams.ts";
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
    },
    async run(flasher: FlasherClient, { file, target, compression, verify }, io) {
      const [first] = file;
      const images = target.length > 0
        ? target.map(splitTarget)
        : [{ name: undefined, file: first }];
      for (const { name, file } of images) {
        if (file === undefined) {
          throw new UsageError("FILE argument is required unless --target/-t is used");
        }
        await flashOne(flasher, { name, file, compression, verify }, io);
      }
    },
  }),
  dump: command({
    does: "Read an image back from the device",
    arguments: { file: path("where to write it; - writes to standard output") },
    options: {
      target: optional(text("read from this place on the device", "NAME", "t")),
      compression,
    },
    async run(flasher: FlasherClient, { file, target, compression }, io) {
      const started = performance.now();
      using progress = io.progress(`${flasher.name} → ${file}`);
      const sink = file === "-" ? outputStream(io) : resolvePath(io, file);
      const read = await flasher.dump(sink, {
        signal: io.signal,
        onProgress: (done) => progress.update(done),
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
}

/** The exporter fetches the image itself, so nothing can be shown or compared here. */
async function flashUrl(flasher: FlasherClient, job: Job, io: CommandIo): Promise<void> {
  if (job.verify || job.compression !== undefined) {
    throw new UsageError("--verify and --compression are for files, not for URLs");
  }
  const target = job.name === undefined ? {} : { target: job.name };
  await io.note(`the exporter fetches ${new URL(job.file).origin} …`);
  await flasher.flashUrl(job.file, { signal: io.signal, ...target });
  await io.note("✓ written");
}

async function flashOne(flasher: FlasherClient, job: Job, io: CommandIo): Promise<void> {
  if (/^https?:/.test(job.file)) return await flashUrl(flasher, job, io);
  const started = performance.now();
  const source = job.file === "-" ? inputStream(io) : resolvePath(io, job.file);
  const label = `${job.file.split("/").at(-1)} → ${job.name ?? flasher.name}`;
  let progress = io.progress(label);
  try {
    let isVerifying = false;
    const written = await flasher.flash(source, {
      signal: io.signal,
      verify: job.verify,
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
