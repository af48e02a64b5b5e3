/** What the drivers of the interop tests are wired to, and the file that describes it. */
import { forward, fromConnection } from "@jumpstarter/lib/streams";
import { types, writeExporter } from "../support/exporter_file.ts";
import { echoDatagrams, echoMessages } from "../support/echo_messages.ts";
import { tempDir } from "../support/programs.ts";
import { ptyPair } from "../support/pty_pair.ts";

/** A bench of simulated hardware. */
export interface Bench extends AsyncDisposable {
  /** The exporter file. */
  readonly file: string;
  /** A folder for what tests leave behind. */
  readonly dir: string;
  /** What the scripts have to know of the bench. */
  readonly env: Record<string, string>;
}

/** What is served at the bench's URL. */
const SERVED = "an image behind a URL";

const scripts = {
  say: { command: 'echo "$0|$1|$2|$WHO"; echo oops >&2', description: "Say something" },
  fail: "exit 3",
  slow: { command: "sleep 60", timeout: 1 },
  empty: "",
};

/**
 * Starts the servers and writes the file. A script is itself the far end of `relay`, `own`, `dbus`
 * and `tty`: it listens at INTEROP_SOCKET, and opens INTEROP_DEVICE.
 */
export async function openBench(): Promise<Bench> {
  await using stack = new AsyncDisposableStack();
  const { path: dir } = stack.use(await tempDir());
  const socket = `${dir}/own`;
  const tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  stack.use(serve(tcp, echo));
  stack.use(serve(Deno.listen({ transport: "unix", path: `${dir}/echo` }), echo));
  const relay = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  stack.use(serve(relay, (connection) => join(connection, socket)));
  const web = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(SERVED),
  );
  stack.use(web);
  const udp = stack.use(await echoDatagrams());
  const messages = stack.use(echoMessages());
  const tty = stack.use(await ptyPair());
  const at = ({ addr }: Deno.TcpListener) => ({ host: "127.0.0.1", port: addr.port });
  const unix = "jumpstarter_driver_network.driver.UnixNetwork";
  const file = await writeExporter(dir, {
    power: { type: types.power, description: "Main rail", config: { labels: { rail: "12v" } } },
    rack: {
      children: { spare: { type: "jumpstarter_driver_power.driver.SyncMockPower" } },
    },
    alias: { ref: "rack.spare" },
    twin: { ref: "rack" },
    echo: { type: types.echo },
    tcp: { type: types.tcp, config: at(tcp) },
    hidden: { type: types.tcp, config: { ...at(tcp), enable_address: false } },
    relay: { type: types.tcp, config: at(relay) },
    unix: { type: unix, config: { path: `${dir}/echo` } },
    own: { type: unix, config: { path: socket } },
    dbus: {
      type: "jumpstarter_driver_network.driver.DbusNetwork",
      config: { kind: "system" },
    },
    dead: { type: unix, config: { path: `${dir}/nobody-listens` } },
    loop: { type: types.serial, config: { url: "loop://" } },
    socket: { type: types.serial, config: { url: `socket://127.0.0.1:${tcp.addr.port}` } },
    tty: { type: types.serial, config: { url: tty.left } },
    files: { type: types.opendal, config: { scheme: "fs", kwargs: { root: `${dir}/root` } } },
    mirror: { ref: "files" },
    flasher: { type: types.flasher },
    udp: { type: types.udp, config: { host: "127.0.0.1", port: udp.port } },
    websocket: { type: types.websocket, config: { url: messages.url } },
    mux: { type: types.mux },
    muxFlasher: { type: types.muxFlasher },
    shell: { type: types.shell, config: { methods: scripts } },
  });
  const held = stack.move();
  return {
    file,
    dir,
    env: {
      DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${socket}`,
      INTEROP_DIR: dir,
      INTEROP_SOCKET: socket,
      INTEROP_DEVICE: tty.right,
      INTEROP_URL: `http://127.0.0.1:${web.addr.port}/image`,
    },
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** Hands every connection to a handler, until it is disposed; then all have ended. */
function serve(listener: Deno.Listener, handle: (connection: Deno.Conn) => Promise<void>) {
  const open = new Set<Promise<void>>();
  const serving = (async () => {
    for await (const connection of listener) {
      // A client may leave at any time; what it saw is for the scripts to judge.
      const work = handle(connection).catch(() => {}).finally(() => open.delete(work));
      open.add(work);
    }
  })();
  return {
    async [Symbol.asyncDispose](): Promise<void> {
      listener.close();
      await serving;
      await Promise.all(open);
    },
  };
}

/** Sends back what comes, the end included. */
async function echo(connection: Deno.Conn): Promise<void> {
  await connection.readable.pipeTo(connection.writable);
}

/** Leads a connection on to a Unix socket. */
async function join(connection: Deno.Conn, path: string): Promise<void> {
  await using near = fromConnection(connection);
  await using far = fromConnection(await Deno.connect({ transport: "unix", path }));
  await forward(near, far);
}
