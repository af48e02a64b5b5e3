import { lookup } from "node:dns/promises";
import { Driver, exported, type Schema } from "@jumpstarter/lib/driver";
import { InvalidArgumentError } from "@jumpstarter/lib/errors";
import type { ByteStream } from "@jumpstarter/lib/streams";
import * as v from "valibot";
import { connectTcp, connectUnix } from "./connect.ts";
import { echo } from "./echo.ts";

const CLIENT = "jumpstarter_driver_network.client.NetworkClient";

/** Settings of {@linkcode TcpNetwork} and {@linkcode UdpNetwork}. */
export interface TcpNetworkConfig {
  /** A name or an address, as the exporter's machine sees it. */
  host: string;
  /** A TCP or UDP port. */
  port: number;
  /** Whether clients may ask for the address. */
  enable_address: boolean;
}

/** Settings of {@linkcode UdpNetwork}. */
export type UdpNetworkConfig = TcpNetworkConfig;

const hostAndPort: Schema<TcpNetworkConfig> = v.strictObject({
  host: v.pipe(v.string(), v.nonEmpty()),
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)),
  enable_address: v.optional(v.boolean(), true),
});

/** A TCP server near the device. Each stream is a connection of its own. */
export class TcpNetwork extends Driver<TcpNetworkConfig> {
  static override readonly client: string = CLIENT;
  static override readonly driverType = "network";
  static override readonly config: Schema<TcpNetworkConfig> = hostAndPort;

  /** Where the server is, as `tcp://<address>:<port>`; a name that does not resolve stays a name. */
  @exported
  async address(): Promise<string> {
    assertShown(this);
    return `tcp://${await resolve(this.config.host)}:${this.port}`;
  }

  /** Connects to the server; fails with `ConnectionError` that names it. */
  @exported.bytes
  async connect(): Promise<ByteStream> {
    return await connectTcp(this.config.host, this.port);
  }

  /** The port of the settings; a subclass may have one that comes and goes. */
  protected get port(): number {
    return this.config.port;
  }
}

/**
 * A UDP server near the device. Each stream has a socket of its own; a chunk is a datagram, and a
 * stream has no end.
 */
export class UdpNetwork extends Driver<UdpNetworkConfig> {
  static override readonly client: string = CLIENT;
  static override readonly driverType = "network";
  static override readonly config: Schema<UdpNetworkConfig> = hostAndPort;

  /** Where the server is, as `udp://<address>:<port>`; a name that does not resolve stays a name. */
  @exported
  async address(): Promise<string> {
    assertShown(this);
    return `udp://${await resolve(this.config.host)}:${this.config.port}`;
  }

  /** Opens a socket for the server; fails with `ConnectionError` that names it. */
  @exported.bytes
  async connect(): Promise<ByteStream> {
    const { connectUdp } = await import("./datagram_stream.ts");
    return await connectUdp(this.config.host, this.config.port);
  }
}

function assertShown(driver: Driver<{ enable_address: boolean }>): void {
  if (driver.config.enable_address) return;
  throw new InvalidArgumentError(
    `the exporter's configuration hides the address of ${driver.name} (enable_address: false)`,
  );
}

/** The address of a name, as it stands before a port. */
async function resolve(host: string): Promise<string> {
  const address = await lookup(host).then((found) => found.address, () => host);
  return address.includes(":") ? `[${address}]` : address;
}

/** Settings of {@linkcode WebsocketNetwork}. */
export interface WebsocketNetworkConfig {
  /** A `ws:` or `wss:` URL, as the exporter's machine sees it. */
  url: string;
  /** Whether clients may ask for the URL. */
  enable_address: boolean;
}

/** A WebSocket near the device. Each stream is a connection of its own; a chunk is a message. */
export class WebsocketNetwork extends Driver<WebsocketNetworkConfig> {
  static override readonly client: string = CLIENT;
  static override readonly driverType = "network";
  static override readonly config: Schema<WebsocketNetworkConfig> = v.strictObject({
    url: v.pipe(v.string(), v.url(), v.regex(/^wss?:/i, "is no ws: or wss: URL")),
    enable_address: v.optional(v.boolean(), true),
  });

  /** The URL of the settings. */
  @exported
  address(): string {
    assertShown(this);
    return this.config.url;
  }

  /** Connects to the server; fails with `ConnectionError` that names it. */
  @exported.bytes
  async connect(): Promise<ByteStream> {
    const { connectWebSocket } = await import("./websocket_stream.ts");
    return await connectWebSocket(this.config.url);
  }
}

/** Settings of {@linkcode UnixNetwork}. */
export interface UnixNetworkConfig {
  /** The path of the socket on the exporter's machine. */
  path: string;
}

/** A Unix socket on the exporter's machine. Each stream is a connection of its own. */
export class UnixNetwork extends Driver<UnixNetworkConfig> {
  static override readonly client: string = CLIENT;
  static override readonly driverType = "network";
  static override readonly config: Schema<UnixNetworkConfig> = v.strictObject({
    path: v.pipe(v.string(), v.nonEmpty()),
  });

  /** Connects to the socket; fails with `ConnectionError` that names it. */
  @exported.bytes
  connect(): Promise<ByteStream> {
    return connectUnix(this.config.path);
  }
}

/** Sends back what it gets, until the client ends its side: to try a connection out. */
export class EchoNetwork extends Driver {
  static override readonly client: string = CLIENT;
  static override readonly driverType = "network";
  /** Nothing to set; whatever is there is ignored. */
  static override readonly config: Schema = v.unknown();

  /** Gives a stream of its own that sends back what it gets. */
  @exported.bytes
  connect(): Promise<ByteStream> {
    return Promise.resolve(echo());
  }
}
