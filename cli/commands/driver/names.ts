import { UsageError } from "@jumpstarter/lib/errors";

/** What a new driver is called, here and there. */
export interface DriverNames {
  /** As given: the folder. */
  readonly name: string;
  /** The class: `UsbRelay`. */
  readonly className: string;
  /** The entry of the exporter file, and what `j` calls it: `usb_relay`. */
  readonly key: string;
}

/** Longer names make lines that are too long for `deno fmt`. */
const LONGEST = 24;

/** What a board has besides the drivers, so that it cannot be the name of one in a test. */
const TAKEN = ["child", "clients", "connection", "constructor", "logs", "motd", "then", "tree"];

/** Reads a name in any of the usual forms: `usb-relay`, `usb_relay`, `UsbRelay`. */
export function driverNames(name: string): DriverNames {
  if (/[/\\]/.test(name) || /^\.+$/.test(name)) {
    throw refusal(name, "is a path; give the folder that it goes into by --dir");
  }
  if (name.length > LONGEST) throw refusal(name, `is longer than ${LONGEST} characters`);
  if (!/^[a-z]+[a-z\d]*(?:[-_][a-z\d]+)*$/i.test(name)) {
    throw refusal(
      name,
      "is no name of a class; it takes letters, digits and single - or _ between",
    );
  }
  const words = name.split(/[-_]|(?<=[a-z\d])(?=[A-Z])/);
  const key = words.join("_").toLowerCase();
  if (TAKEN.includes(key)) throw refusal(name, "is what a board has itself; add a word");
  return {
    name,
    className: words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(""),
    key,
  };
}

/** A driver's name that is none. */
export function refusal(name: string, reason: string): UsageError {
  return new UsageError(`"${name}" ${reason}, for example usb-relay`);
}
