import { type CommandIo, flag, optional, text, type Values } from "@jumpstarter/lib/commands";
import { ask } from "../../prompt.ts";
import { confirm } from "./confirm.ts";
import type { Drivers } from "./member.ts";

/** Which driver packages a client of the Python peer loads; ours needs none. */
export const driverOptions = {
  allow: optional(text("driver packages that a Python client may load, with commas", "LIST", "a")),
  unsafe: flag("a Python client may load any driver package"),
};

/** Says what a file has to say of driver packages; asks where it may. */
export type DriverChoice = (mayAsk: boolean) => Drivers | Promise<Drivers>;

/** The choice where there is none: no packages. */
export const noDrivers: DriverChoice = () => ({ allow: [], unsafe: false });

/** Reads the options; asks for what they leave open, where it may. */
export async function chooseDrivers(
  { allow, unsafe = false }: Partial<Values<typeof driverOptions>>,
  mayAsk: boolean,
  io: CommandIo,
): Promise<Drivers> {
  if (allow !== undefined || unsafe || !mayAsk) return read(allow ?? "", unsafe);
  if (await confirm(io, "May a Python client load any driver package (unsafe)?")) {
    return read("", true);
  }
  return read(await ask(io, "Packages that it may load, with commas", { isNeeded: false }), false);
}

function read(list: string, unsafe: boolean): Drivers {
  const packages = list.split(",").map((name) => name.trim()).filter(Boolean);
  return { allow: packages, unsafe: unsafe || packages.includes("UNSAFE") };
}
