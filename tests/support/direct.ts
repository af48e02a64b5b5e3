import { parseEndpoint } from "@jumpstarter/lib/rpc";
import { Channel, type ChannelOptions } from "@jumpstarter/lib/rpc";
import type { CommandLine } from "./bench.ts";
import { types, writeExporter } from "./exporter_file.ts";
import { jmpCommand, tempDir } from "./programs.ts";
import { type Running, start } from "./running.ts";

/** What {@linkcode openDirect} takes. */
export interface DirectOptions {
  /** Drivers; a power switch by default. */
  readonly entries?: Record<string, unknown>;
  /** More of the exporter file: hooks, motd. */
  readonly more?: Record<string, unknown>;
  /** Address to serve at; the port follows. */
  readonly host?: string;
  /** More options of the command. */
  readonly flags?: readonly string[];
  readonly env?: Record<string, string>;
  /** `jmp` by default. */
  readonly command?: (...args: string[]) => CommandLine;
}

/** An exporter that serves in the network, in a process of its own. */
export interface DirectBench extends AsyncDisposable {
  /** A folder that goes with the test. */
  readonly dir: string;
  /** The exporter file. */
  readonly file: string;
  /** Folders that hold what the exporter keeps while it runs. */
  readonly temp: string;
  readonly runtime: string;
  /** What it says `JUMPSTARTER_HOST` is. */
  readonly host: string;
  readonly program: Running;
  /** A client's connection. */
  channel(options?: ChannelOptions): Channel;
}

/** A port that nobody listens at. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The command line that serves a file at an address. */
export function directCommand(
  file: string,
  address: string,
  { flags = ["--tls-grpc-insecure"], command = jmpCommand }: DirectOptions = {},
): CommandLine {
  const run = ["run", "--exporter-config", file, "--tls-grpc-listener", address];
  return command(...run, "--log-format", "text", ...flags);
}

/** Starts an exporter in the network; resolves once clients can connect. */
export async function openDirect(options: DirectOptions = {}): Promise<DirectBench> {
  const { entries = { power: { type: types.power } }, more = {}, host = "127.0.0.1" } = options;
  await using stack = new AsyncDisposableStack();
  const { path: dir } = stack.use(await tempDir());
  const [temp, runtime] = [`${dir}/temp`, `${dir}/runtime`];
  await Promise.all([Deno.mkdir(temp), Deno.mkdir(runtime)]);
  const file = await writeExporter(dir, entries, more);
  const command = directCommand(file, `${host}:${freePort()}`, options);
  const program = stack.use(
    start(command, { env: { TMPDIR: temp, XDG_RUNTIME_DIR: runtime, ...options.env } }),
  );
  const [, shown] = await program.shown(/^JUMPSTARTER_HOST=(.+)$/m);
  const held = stack.move();
  return {
    dir,
    file,
    temp,
    runtime,
    host: shown!,
    program,
    channel: (channelOptions) => new Channel(parseEndpoint(shown!), channelOptions),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}
