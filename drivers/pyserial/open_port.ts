import { echo } from "../network/echo.ts";
import { connectTcp } from "../network/connect.ts";
import type { SerialPort } from "./serial_port.ts";

/** How to open what a `url` names. */
type Opener = (address: string, baudrate: number) => Promise<SerialPort>;

const openers: Record<string, Opener> = {
  /** Gives back what is written, to this stream alone. */
  "loop://": () => Promise.resolve(echo()),
  "socket://": (address) => {
    const { hostname, port } = new URL(`tcp://${address}`);
    return connectTcp(hostname.replace(/^\[|\]$/g, ""), Number(port));
  },
  "": async (path, baudrate) => {
    const { TtyPort } = await import("./tty_port.ts");
    return await TtyPort.open(path, baudrate);
  },
};

/** The part of a `url` before its address: `socket://`; empty for a path. */
function schemeOf(url: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.exec(url)?.[0].toLowerCase() ?? "";
}

/** What is wrong with a `url`; nothing when it can be opened. */
export function faultOf(url: string): string | undefined {
  const scheme = schemeOf(url);
  if (openers[scheme] === undefined) {
    return `"${scheme}" is not supported; ` +
      "use a device path, socket://HOST:PORT, or loop:// for a loopback";
  }
  if (url === "") return "is empty; name a device, for example /dev/ttyUSB0";
  if (scheme !== "socket://") return undefined;
  const isWhole = URL.canParse(`tcp://${url.slice(scheme.length)}`) &&
    new URL(`tcp://${url.slice(scheme.length)}`).port !== "";
  return isWhole ? undefined : `"${url}" needs a host and a port: socket://HOST:PORT`;
}

/** Opens a device path, `socket://host:port` or `loop://`. */
export function openUrl(url: string, baudrate: number): Promise<SerialPort> {
  const scheme = schemeOf(url);
  return openers[scheme]!(url.slice(scheme.length), baudrate);
}

/** Whether opening it proves nothing: it is always there. */
export function isLoop(url: string): boolean {
  return schemeOf(url) === "loop://";
}
