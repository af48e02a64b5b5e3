import { ExporterService, ExporterStatus } from "@jumpstarter/proto";
import type { Channel, RpcOptions } from "../rpc/channel.ts";

/** Where an exporter stands, as it tells itself. */
export interface ExporterState {
  /** The status. */
  readonly status: ExporterStatus;
  /** What it means now, for people; may be empty. */
  readonly message: string;
  /** Counts the updates of the session. */
  readonly version: number;
}

/** What counts for an exporter that is too old to tell. */
export const UNTOLD: ExporterState = {
  status: ExporterStatus.LEASE_READY,
  message: "",
  version: 0,
};

/** Asks an exporter where it stands; fails with `RpcError`. */
export async function askState(channel: Channel, options: RpcOptions): Promise<ExporterState> {
  const { status, message, statusVersion } = await channel.unary(
    ExporterService.getStatus,
    {},
    options,
  );
  return { status, message: message ?? "", version: statusVersion };
}

/** The name of a status, as the protocol writes it. */
export function statusWord(status: ExporterStatus): string {
  const found = Object.entries(ExporterStatus).find(([, value]) => value === status);
  return found?.[0] ?? String(status);
}
