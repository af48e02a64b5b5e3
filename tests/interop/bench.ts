/** What the drivers of the interop tests are wired to, and the file that describes it. */
import { forward, fromConnection, pipe } from "@jumpstarter/lib/streams";
import { types, writeExporter } from "../support/exporter_file.ts";

/** A bench of simulated hardware. */
export interface Bench extends AsyncDisposable {
  /** The exporter file. */
  readonly file: string;
  /** The folder it lies in. */
  readonly dir: string;
}

/** Starts echo servers on TCP and Unix sockets and an echoing serial port, and writes the file. */
export async function openBench(): Promise<Bench> {
  await using stack = new AsyncDisposableStack();
  const dir = await Deno.makeTempDir({ prefix: "jumpstarter-interop-" });
  stack.defer(() => Deno.remove(dir, { recursive: true }));
  const tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const unix = Deno.listen({ transport: "unix", path: `${dir}/echo` });
  stack.use(echo(tcp));
  stack.use(echo(unix));
  stack.use(await echoingTty(`${dir}/tty`));
  const { port } = tcp.addr;
  const file = await writeExporter(dir, {
    power: { type: types.power, description: "Main rail" },
    alias: { ref: "rack.spare" },
    rack: { children: { spare: { type: types.power } } },
    echo: { type: types.echo },
    tcp: { type: types.tcp, config: { host: "127.0.0.1", port } },
    unix: {
      type: "jumpstarter_driver_network.driver.UnixNetwork",
      config: { path: `${dir}/echo` },
    },
    loop: { type: types.serial, config: { url: "loop://" } },
    tty: { type: types.serial, config: { url: `${dir}/tty`, baudrate: 115200 } },
    socket: { type: types.serial, config: { url: `socket://127.0.0.1:${port}` } },
    files: { type: types.opendal, config: { scheme: "fs", kwargs: { root: `${dir}/root` } } },
    flasher: { type: types.flasher },
  });
  const held = stack.move();
  return { file, dir, [Symbol.asyncDispose]: async () => await held.disposeAsync() };
}

function echo(listener: Deno.Listener): AsyncDisposable {
  const serving = (async () => {
    for await (const connection of listener) {
      const [here, there] = pipe();
      // A pipe whose ends are joined gives back what it gets, the end included.
      void forward(fromConnection(connection), here).catch(() => {});
      void forward(there, there).catch(() => {});
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

/** A serial port whose far end sends back what it gets. */
async function echoingTty(path: string): Promise<AsyncDisposable> {
  const socat = new Deno.Command("socat", {
    args: ["-d", "-d", `PTY,link=${path},raw,echo=0`, "EXEC:cat"],
    stderr: "piped",
  }).spawn();
  const log = socat.stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; !text.includes("starting data transfer loop");) {
    const { value, done } = await log.read();
    if (done) throw new Error(`socat ended: ${text}`);
    text += value;
  }
  void (async () => {
    while (!(await log.read()).done);
  })();
  return {
    async [Symbol.asyncDispose]() {
      socat.kill();
      await socat.status;
    },
  };
}
