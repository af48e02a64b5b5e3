import assert from "node:assert/strict";
import { PowerClient } from "@jumpstarter/drivers/clients";
import { type Board, connect, type Shape } from "@jumpstarter/lib/client";
import type { ChannelOptions } from "@jumpstarter/lib/rpc";
import { types, writeExporter } from "../support/exporter_file.ts";
import { exporterCommand, repoPath, tempDir } from "../support/programs.ts";
import { residentMemory, type Running, start, until, within } from "../support/running.ts";
import { connectionsAt, descendants, openFiles, pathsBelow } from "./footprint.ts";

/** Milliseconds after which an exporter is to be usable again, or to have ended. */
export const SOON = 5_000;
/** Milliseconds within which a client that has vanished is to be noticed. */
export const NOTICED = 15_000;
/** Bytes by which a fault may leave an exporter larger; memory comes back when it is needed. */
const MORE_MEMORY = 64 * 1024 * 1024;

/** The `type` of the driver that fails on request. */
export const device = `${repoPath("tests/faults/device.ts")}#Device`;

/** How to start an exporter. */
export interface ExporterOptions {
  /** Entries of its file, besides `power`. */
  entries?: Record<string, unknown>;
  /** Its hooks. */
  hooks?: Record<string, unknown>;
  /** How it serves; without TLS by default. */
  flags?: readonly string[];
  /** Additions to its environment. */
  env?: Record<string, string>;
}

/** What an exporter has in the system. */
export interface Footprint {
  files: Record<string, number>;
  processes: string[];
  paths: string[];
  memory: number;
}

/** An exporter that serves in the network, and what it has in the system. */
export class DirectExporter implements AsyncDisposable {
  readonly program: Running;
  readonly endpoint: { kind: "tcp"; hostname: string; port: number };
  /** Two folders of its own: for temporary files, and for sockets. */
  readonly folders: [string, string];
  #mark: string;
  #stack: AsyncDisposableStack;

  private constructor(
    program: Running,
    port: number,
    folders: [string, string],
    mark: string,
    stack: AsyncDisposableStack,
  ) {
    this.program = program;
    this.endpoint = { kind: "tcp", hostname: "127.0.0.1", port };
    this.folders = folders;
    this.#mark = mark;
    this.#stack = stack;
  }

  /** Starts one; clients cannot connect yet. */
  static async start(options: ExporterOptions = {}): Promise<DirectExporter> {
    const { entries = {}, hooks, flags = ["--tls-grpc-insecure"], env = {} } = options;
    await using stack = new AsyncDisposableStack();
    const { path: dir } = stack.use(await tempDir());
    const folders: [string, string] = [`${dir}/temp`, `${dir}/runtime`];
    for (const folder of folders) await Deno.mkdir(folder);
    const all = { power: { type: types.power }, ...entries };
    const file = await writeExporter(dir, all, hooks === undefined ? {} : { hooks });
    const { port } = stack.use(reservePort());
    const mark = `FAULTS_MARK=${crypto.randomUUID()}`;
    const command = exporterCommand(
      ...["run", "--exporter-config", file, "--tls-grpc-listener", `127.0.0.1:${port}`, ...flags],
    );
    const program = stack.use(start(command, {
      cwd: dir,
      env: {
        TMPDIR: folders[0],
        XDG_RUNTIME_DIR: folders[1],
        FAULTS_MARK: mark.split("=")[1]!,
        ...env,
      },
    }));
    return new DirectExporter(program, port, folders, mark, stack.move());
  }

  /** Starts one; clients can connect. */
  static async serve(options?: ExporterOptions): Promise<DirectExporter> {
    await using stack = new AsyncDisposableStack();
    const exporter = stack.use(await DirectExporter.start(options));
    await exporter.program.shown(/^JUMPSTARTER_HOST=/m);
    stack.move();
    return exporter;
  }

  /** Opens its board as a new client. */
  connect<S extends Shape = Record<never, never>>(
    shape?: S,
    channel: ChannelOptions = {},
  ): Promise<Board<S>> {
    return connect(this.endpoint, shape, { channel, timeout: SOON });
  }

  /** Fails unless a new client can use it soon. */
  async assertUsable(channel?: ChannelOptions): Promise<void> {
    await within(SOON, this.#turnOn(channel));
  }

  async #turnOn(channel?: ChannelOptions): Promise<void> {
    await using board = await this.connect({ power: PowerClient }, channel);
    await board.power.on();
  }

  /** What it has in the system once nobody is connected. */
  async footprint(): Promise<Footprint> {
    const { pid } = this.program;
    await until("all are gone", async () => await connectionsAt(this.endpoint.port) === 0);
    return {
      files: await settled(() => openFiles(pid)),
      processes: await this.processes(),
      paths: await this.#paths(),
      memory: await residentMemory(pid),
    };
  }

  /** The command lines of its descendants. */
  async processes(): Promise<string[]> {
    return [...(await descendants(this.program.pid, this.#mark)).values()].sort();
  }

  /** What has come of a flash that broke off is kept, to be taken up again. */
  async #paths(): Promise<string[]> {
    return (await pathsBelow(...this.folders)).filter((path) => !/\/part-[^/]*$/.test(path));
  }

  /** Fails unless it soon has in the system what it had before, and no more. */
  async assertAsBefore(before: Footprint, time: number = SOON): Promise<void> {
    const { pid } = this.program;
    await settles(before.files, time, () => openFiles(pid));
    await settles(before.paths, SOON, () => this.#paths());
    await settles(before.processes, SOON, () => this.processes());
    const more = await residentMemory(pid) - before.memory;
    assert.ok(more < MORE_MEMORY, `the exporter is ${more} bytes larger than before`);
  }

  /** Fails unless it soon ends with a status, and nothing of it is left. */
  async assertEnds(
    status: number,
    { time = SOON, leaves = [] }: { time?: number; leaves?: string[] } = {},
  ): Promise<void> {
    const finished = await within(time, this.program.finished);
    assert.equal(finished.status, status, finished.stderr);
    await settles(leaves, SOON, () => this.processes());
    await settles([], SOON, () => this.#paths());
    await assert.rejects(Deno.connect(this.endpoint), Deno.errors.ConnectionRefused);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = await descendants(this.program.pid, this.#mark);
    await this.#stack.disposeAsync();
    for (const pid of left.keys()) killIfThere(pid);
  }
}

/** What is seen twice, with some time in between in which drivers close what clients have left. */
async function settled<T>(look: () => Promise<T>): Promise<T> {
  for (let seen = await look();;) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const again = await look();
    if (JSON.stringify(again) === JSON.stringify(seen)) return again;
    seen = again;
  }
}

/** Looks until something is as expected; fails with the difference. */
async function settles(
  expected: unknown,
  time: number,
  look: () => Promise<unknown>,
): Promise<void> {
  let seen: unknown;
  try {
    await until("as before", async () => {
      seen = await look();
      return JSON.stringify(seen) === JSON.stringify(expected);
    }, time);
  } catch {
    assert.deepEqual(seen, expected);
  }
}

/**
 * A port that nobody listens at, and that the system gives to no connection of its own accord. Other
 * tests keep off it until it is disposed of: it is listened at, under another address.
 */
function reservePort(): Disposable & { readonly port: number } {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      const reservation = Deno.listen({ hostname: "127.0.0.2", port });
      try {
        Deno.listen({ hostname: "127.0.0.1", port }).close();
        return { port, [Symbol.dispose]: () => reservation.close() };
      } catch (error) {
        reservation.close();
        throw error;
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

function killIfThere(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
