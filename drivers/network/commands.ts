import { resolve } from "node:path";
import type { TcpForwardOptions, UdpForwardOptions } from "@jumpstarter/lib/adapters";
import {
  type Command,
  command,
  type CommandIo,
  type Commands,
  flag,
  integer,
  optional,
  path,
  text,
  withDefault,
} from "@jumpstarter/lib/commands";
import {
  InvalidArgumentError,
  JumpstarterError,
  NotImplementedError,
} from "@jumpstarter/lib/errors";
import type { NetworkClient } from "./client.ts";

/** What a URL means that names no port. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = { "ws:": "80", "wss:": "443" };

/** The `j` commands of a network driver. */
export const commands: Commands<NetworkClient> = {
  forwardTcp: forwardPort("TCP", (network, options) => network.portForward(options)),
  forwardUnix: command({
    does: "Make a local Unix socket that leads to the device, until Ctrl-C",
    arguments: { path: optional(path("the socket to make; by default a fresh, private one")) },
    async run(network: NetworkClient, values, io) {
      const path = values.path === undefined ? {} : { path: resolve(io.cwd, values.path) };
      await using forward = await network.unixForward({
        ...errorsTo(io),
        ...path,
        signal: io.signal,
      });
      await io.print(forward.path);
      await forward.done;
    },
  }),
  forwardUdp: forwardPort("UDP", (network, options) => network.udpForward(options)),
  address: command({
    does: "Show where the device is, as the exporter sees it",
    options: { host: flag("the host only"), port: flag("the port only") },
    async run(network: NetworkClient, { host, port }, io) {
      const url = await address(network);
      const whole = url.replace(/^[a-z][a-z\d+.-]*:\/\//i, "");
      if (host === port) return await io.print(whole);
      if (!URL.canParse(`tcp://${whole}`)) {
        throw new JumpstarterError("driver", `the address ${url} has no host and no port`);
      }
      const parsed = new URL(`tcp://${whole}`);
      const usual = DEFAULT_PORTS[url.slice(0, url.indexOf("/"))] ?? "";
      await io.print(host ? parsed.hostname.replace(/^\[|\]$/g, "") : parsed.port || usual);
    },
  }),
};

/** A forward that listens on a port. */
interface PortForward extends AsyncDisposable {
  readonly hostname: string;
  readonly port: number;
  readonly done: Promise<void>;
}

function forwardPort(
  protocol: string,
  listen: (
    network: NetworkClient,
    options: TcpForwardOptions & UdpForwardOptions,
  ) => Promise<PortForward>,
): Command<NetworkClient> {
  return command({
    does: `Make a local ${protocol} port that leads to the device, until Ctrl-C`,
    arguments: {
      port: integer("the port to listen on; 0 for any free port", { min: 0, max: 65535 }),
    },
    options: {
      address: withDefault(text("the local address to listen on", "ADDRESS"), "localhost"),
    },
    async run(network: NetworkClient, { port, address: hostname }, io) {
      const options = { ...errorsTo(io), hostname, port, signal: io.signal };
      await using forward = await listen(network, options);
      await io.print(`${bracket(forward.hostname)}:${forward.port}`);
      await forward.done;
    },
  });
}

/** The address, with an answer for those who do not get one. */
async function address(network: NetworkClient): Promise<string> {
  try {
    return await network.address();
  } catch (cause) {
    if (cause instanceof NotImplementedError) {
      throw new JumpstarterError(
        cause.code,
        `the exporter does not tell the address of ${network.name}; drivers of the kind tcp, udp ` +
          "and websocket do, from exporter version 0.7.1 on: upgrade an older exporter",
        { cause },
      );
    }
    if (cause instanceof InvalidArgumentError) {
      throw new JumpstarterError(
        cause.code,
        `the address of ${network.name} is hidden; ` +
          "set enable_address: true in the exporter's configuration to show it",
        { cause },
      );
    }
    throw cause;
  }
}

function bracket(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

/** One failed connection is a note; the forward goes on. */
function errorsTo(io: CommandIo): { onError: (error: unknown) => void } {
  return {
    onError: (error) => {
      const note = io.note(error instanceof Error ? error.message : String(error));
      note.catch(() => {}); // nobody reads standard error any more
    },
  };
}
