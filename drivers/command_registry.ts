import type { Commands } from "@jumpstarter/lib/commands";
import type { ClientClass } from "@jumpstarter/lib/driver";

/** A client class and its `j` commands, loaded together when `j` meets the label. */
export interface ClientEntry {
  /** Calls the driver. */
  readonly client: ClientClass;
  /** What `j` offers for it. */
  readonly commands: Commands<never>;
}

type Load = () => Promise<ClientEntry>;

const P = "jumpstarter_driver_";

const power: Load = async () => ({
  client: (await import("./power/client.ts")).PowerClient,
  commands: (await import("./power/commands.ts")).commands,
});
const network: Load = async () => ({
  client: (await import("./network/client.ts")).NetworkClient,
  commands: (await import("./network/commands.ts")).commands,
});
const serial: Load = async () => ({
  client: (await import("./pyserial/client.ts")).PySerialClient,
  commands: (await import("./pyserial/commands.ts")).commands,
});
const flasher: Load = async () => ({
  client: (await import("./opendal/client.ts")).FlasherClient,
  commands: (await import("./opendal/flasher_commands.ts")).commands,
});
const opendal: Load = async () => ({
  client: (await import("./opendal/client.ts")).OpendalClient,
  commands: (await import("./opendal/commands.ts")).commands,
});

/** Which client and commands belong to a label of the report. */
const labels: Readonly<Record<string, Load>> = {
  [`${P}power.client.PowerClient`]: power,
  [`${P}network.client.NetworkClient`]: network,
  [`${P}pyserial.client.PySerialClient`]: serial,
  [`${P}opendal.client.FlasherClient`]: flasher,
  ["jumpstarter.client.flasher.FlasherClient"]: flasher,
  [`${P}opendal.client.OpendalClient`]: opendal,
};

/** The client and commands of a label; `undefined` when we have none of our own for it. */
export async function clientEntry(label: string): Promise<ClientEntry | undefined> {
  return Object.hasOwn(labels, label) ? await labels[label]!() : undefined;
}
