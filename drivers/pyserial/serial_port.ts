import type { ByteStream } from "@jumpstarter/lib/streams";
import type { ModemLine } from "./termios.ts";

/** An open serial port, or what stands for one. */
export interface SerialPort extends ByteStream {
  /** Hands bytes over. The signal tells a port that can stop halfway to do so, and fail. */
  write(bytes: Uint8Array, options?: { signal?: AbortSignal }): Promise<void>;
  /** Raises or lowers a modem line. Missing where there are none. */
  setLine?(line: ModemLine, isOn: boolean): void;
  /** Settles when what was written has left the machine. Missing where it leaves at once. */
  drain?(): Promise<void>;
}
