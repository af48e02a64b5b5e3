import assert from "node:assert/strict";
import { driverNames } from "./names.ts";

/** A name, its class, and its entry in the exporter file. */
const names: [string, string, string][] = [
  ["relay", "Relay", "relay"],
  ["usb-relay", "UsbRelay", "usb_relay"],
  ["usb_relay", "UsbRelay", "usb_relay"],
  ["UsbRelay", "UsbRelay", "usb_relay"],
  ["usbRelay2", "UsbRelay2", "usb_relay2"],
  ["fan-2-pwm", "Fan2Pwm", "fan_2_pwm"],
];

for (const [name, className, key] of names) {
  Deno.test(`a driver "${name}" is the class ${className} and the entry ${key}`, () => {
    assert.deepEqual(driverNames(name), { name, className, key });
  });
}

/** A name that is none, and why. */
const refused: [string, RegExp][] = [
  ["", /is no name of a class/],
  ["2fans", /is no name of a class/],
  ["-fan", /is no name of a class/],
  ["fan-", /is no name of a class/],
  ["fan--a", /is no name of a class/],
  ["fan.ts", /is no name of a class/],
  ["fan a", /is no name of a class/],
  ["lüfter", /is no name of a class/],
  ["fans/fan", /is a path; give the folder .* by --dir/],
  ["..", /is a path/],
  ["\\fan", /is a path/],
  ["tree", /is what a board has itself/],
  ["x".repeat(25), /is longer than 24 characters/],
];

for (const [name, reason] of refused) {
  Deno.test(`"${name}" is refused as the name of a driver`, () => {
    assert.throws(() => driverNames(name), { name: "UsageError", message: reason });
  });
}
