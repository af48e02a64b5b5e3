import type { Commands } from "@jumpstarter/lib/commands";
import type { ClientClass, DriverClient } from "@jumpstarter/lib/driver";

/** A client class and its `j` commands, loaded together when `j` meets the label. */
export interface ClientEntry {
  /** Calls the driver. */
  readonly client: ClientClass;
  /** What `j` offers for it; a function where that is up to the driver. */
  readonly commands: Commands<never> | CommandsOf;
}

/** Makes the commands of one driver. Their names are taken as they are, capitals included. */
export type CommandsOf = (client: DriverClient) => Promise<Commands<never>>;

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
const dbus: Load = async () => ({
  client: (await import("./network/dbus_client.ts")).DbusNetworkClient,
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
const storageMux: Load = async () => ({
  client: (await import("./opendal/client.ts")).StorageMuxClient,
  commands: (await import("./opendal/storage_mux_commands.ts")).commands,
});
const muxFlasher: Load = async () => ({
  client: (await import("./opendal/client.ts")).StorageMuxFlasherClient,
  commands: (await import("./opendal/storage_mux_commands.ts")).muxFlasherCommands,
});
const shell: Load = async () => {
  const { ShellClient } = await import("./shell/client.ts");
  const { commandsOf } = await import("./shell/commands.ts");
  return { client: ShellClient, commands: commandsOf as CommandsOf };
};
const opendal: Load = async () => ({
  client: (await import("./opendal/client.ts")).OpendalClient,
  commands: (await import("./opendal/commands.ts")).commands,
});

/** Which client and commands belong to a label of the report. */
const labels: Readonly<Record<string, Load>> = {
  [`${P}power.client.PowerClient`]: power,
  [`${P}network.client.NetworkClient`]: network,
  [`${P}network.client.DbusNetworkClient`]: dbus,
  [`${P}pyserial.client.PySerialClient`]: serial,
  [`${P}opendal.client.FlasherClient`]: flasher,
  [`${P}shell.client.ShellClient`]: shell,
  ["jumpstarter.client.flasher.FlasherClient"]: flasher,
  [`${P}opendal.client.StorageMuxClient`]: storageMux,
  [`${P}opendal.client.StorageMuxFlasherClient`]: muxFlasher,
  [`${P}opendal.client.OpendalClient`]: opendal,
};

/** The client and commands of a label; `undefined` when we have none of our own for it. */
export async function clientEntry(label: string): Promise<ClientEntry | undefined> {
  return Object.hasOwn(labels, label) ? await labels[label]!() : undefined;
}
