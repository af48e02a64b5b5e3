import type { Medium } from "./medium.ts";

/** The running system, as its programs and its web server see it. */
export interface System {
  readonly hostname: string;
  /** Seconds since the start. */
  readonly uptime: number;
  /** The image that was booted. */
  readonly image: Medium;
  /** What the kernel printed while it booted, line by line. */
  readonly bootLog: readonly string[];
  /** Reads the storage as it is now; nothing when it is empty. */
  readMedium(signal: AbortSignal): Promise<Medium | undefined>;
  reboot(): void;
  powerOff(): void;
}
