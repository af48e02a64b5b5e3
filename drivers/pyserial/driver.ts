import { Driver, exported, type Schema } from "@jumpstarter/lib/driver";
import { ConnectionError } from "@jumpstarter/lib/errors";
import type { ByteStream } from "@jumpstarter/lib/streams";
import * as v from "valibot";
import { faultOf, isLoop, openUrl } from "./open_port.ts";
import type { SerialPort } from "./serial_port.ts";
import { SerialStream } from "./serial_stream.ts";
import { SharedPort } from "./shared_port.ts";
import type { ModemLine } from "./termios.ts";
import type { TtyPort } from "./tty_port.ts";

/** Settings of {@linkcode PySerial}. */
export interface PySerialConfig {
  /** A device path, `socket://host:port`, or `loop://`. */
  url: string;
  /** Bits per second; always 8 data bits, no parity, 1 stop bit, no flow control. */
  baudrate: number;
  /** Whether a session fails to start when the port cannot be opened. */
  check_present: boolean;
  /** Characters per second for what is written to the device; `null`, 0 or less for no limit. */
  cps: number | null;
  /** Leaves the modem lines alone when the port is closed, so that the device is not reset. */
  disable_hupcl: boolean;
}

/**
 * A serial port, opened for the first stream and closed with the last. What the device sends goes
 * to the stream that was opened last. Each stream has a loopback of its own.
 */
export class PySerial extends Driver<PySerialConfig> {
  static override readonly client = "jumpstarter_driver_pyserial.client.PySerialClient";
  static override readonly driverType = "serial";
  static override readonly config: Schema<PySerialConfig> = v.strictObject({
    url: v.pipe(
      v.string(),
      v.check((url) => faultOf(url) === undefined, (issue) => faultOf(issue.input)!),
    ),
    baudrate: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 115_200),
    check_present: v.optional(v.boolean(), true),
    cps: v.optional(v.nullable(v.number()), null),
    disable_hupcl: v.optional(v.boolean(), false),
  });

  #streams = new Set<SerialStream>();
  #shared: Promise<SharedPort> | undefined;

  /** Opens the port once, so that a session does not start without it. */
  override async reset(): Promise<void> {
    const { url, check_present } = this.config;
    if (!check_present || isLoop(url)) return;
    try {
      await using _ = await this.openPort();
    } catch (cause) {
      throw new ConnectionError(
        `${(cause as Error).message}; plug it in, or set check_present: false to start without it`,
        { cause },
      );
    }
  }

  /** Opens the port for one client. */
  @exported.bytes
  async connect(): Promise<ByteStream> {
    const { cps } = this.config;
    const port = isLoop(this.config.url) ? await this.openPort() : await this.#join();
    const stream: SerialStream = new SerialStream(
      port,
      cps !== null && cps > 0 ? cps : null,
      () => this.#streams.delete(stream),
    );
    this.#streams.add(stream);
    return stream;
  }

  /** Closes the port under the streams that are open; they end. */
  @exported
  async close(): Promise<void> {
    await Promise.all([...this.#streams].map((stream) => stream[Symbol.asyncDispose]()));
  }

  /**
   * Waits until the last stream's client has ended its side and all of it has left the port. An
   * addition to the peer's methods: closing a stream says nothing of what is still under way.
   */
  @exported
  async drain(): Promise<void> {
    await [...this.#streams].at(-1)?.sent;
  }

  /** Raises or lowers DTR. */
  @exported(v.boolean())
  setDtr(value: boolean): Promise<void> {
    return this.#setLine("dtr", value);
  }

  /** Raises or lowers RTS. */
  @exported(v.boolean())
  setRts(value: boolean): Promise<void> {
    return this.#setLine("rts", value);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Opens the port of the settings; a subclass may have another. */
  protected async openPort(): Promise<SerialPort> {
    const { url, baudrate, disable_hupcl } = this.config;
    const port = await openUrl(url, baudrate);
    if (disable_hupcl) this.#keepLinesAtClose(port);
    return port;
  }

  /** Joins the streams that have the port open, or opens it. */
  async #join(): Promise<SerialPort> {
    for (;;) {
      // A Python client that has left a stream may hold it for a while; it has ended its side, so
      // it gives way.
      const left = [...this.#streams].filter((stream) => stream.isWriteClosed);
      await Promise.all(left.map((stream) => stream[Symbol.asyncDispose]()));
      const opening = this.#shared ??= this.openPort().then((port) => new SharedPort(port));
      let shared: SharedPort | undefined;
      try {
        shared = await opening;
        if (shared.takesStreams) return shared.join();
        await shared.closed;
      } finally {
        if (!shared?.takesStreams && this.#shared === opening) this.#shared = undefined;
      }
    }
  }

  #keepLinesAtClose(port: SerialPort & Partial<Pick<TtyPort, "keepLinesAtClose">>): void {
    try {
      port.keepLinesAtClose?.();
    } catch (error) {
      this.log.warning(`cannot disable HUPCL on ${this.config.url}: ${(error as Error).message}`);
    }
  }

  async #setLine(line: ModemLine, isOn: boolean): Promise<void> {
    const shared = await this.#shared;
    await using own = shared?.isOpen ? undefined : await this.openPort();
    const port = own ?? shared!.port;
    if (port.setLine === undefined) {
      this.log.warning(`${this.config.url} has no ${line.toUpperCase()} line; nothing is set`);
    }
    port.setLine?.(line, isOn);
  }
}
