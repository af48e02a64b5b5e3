import { lookup } from "node:dns/promises";
import { Driver, exported, type Schema } from "@jumpstarter/lib/driver";
import { InvalidArgumentError } from "@jumpstarter/lib/errors";
import type { ByteStream } from "@jumpstarter/lib/streams";
import * as v from "valibot";
import { connectTcp, connectUnix } from "./connect.ts";
import { echo } from "./echo.ts";

const CLIENT = "jumpstarter_driver_network.client.NetworkClient";

/** Settings of {@linkcode TcpNetwork}. */
export interface TcpNetworkConfig {
  /** A name or an address, as the exporter's machine sees it. */
  host: string;
  /** A TCP port. */
  port: number;
  /** Whether clients may ask for the address. */
  enable_address: boolean;
}

/** A TCP server near the device. Each stream is a connection of its own. */
export class TcpNetwork extends Driver<TcpNetworkConfig> {
  static override readonly client: string = CLIENT;
  static override readonly driverType = "network";
  static override readonly config: Schema<TcpNetworkConfig> = v.strictObject({
    host: v.pipe(v.string(), v.nonEmpty()),
    port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)),
    enable_address: v.optional(v.boolean(), true),
  });

  /** Where the server is, as `tcp://<address>:<port>`; a name that does not resolve stays a name. */
  @exported
  async address(): Promise<string> {
    const { host, enable_address } = this.config;
    if (!enable_address) {
      throw new InvalidArgumentError(
        `the exporter's configuration hides the address of ${this.name} (enable_address: false)`,
      );
    }
    const { port } = this;
    const address = await resolve(host);
    return `tcp://${address.includes(":") ? `[${address}]` : address}:${port}`;
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

async function resolve(host: string): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch {
    return host;
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
