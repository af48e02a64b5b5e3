import assert from "node:assert/strict";
import { nearest } from "./nearest.ts";

const keys = ["type", "config", "children", "description", "ref", "on", "off"];

/** A word, and what is meant by it. */
const words: [string, string | undefined][] = [
  ["typ", "type"],
  ["tpye", "type"],
  ["Type", "type"],
  ["confgi", "config"],
  ["descripton", "description"],
  ["descr1pt1on", "description"],
  ["childern", "children"],
  ["onn", "on"],
  ["no", "on"],
  ["offf", "off"],
  ["x", undefined],
  ["", undefined],
  ["colour", undefined],
  ["child", undefined],
];

for (const [word, meant] of words) {
  Deno.test(`nearest() takes "${word}" for ${meant ?? "nothing it knows"}`, () => {
    assert.equal(nearest(word, keys), meant);
  });
}

Deno.test("nearest() takes the candidate with the fewest slips, the first of equals", () => {
  assert.equal(nearest("power1", ["power33", "power2", "power3", "powr"]), "power2");
  assert.equal(nearest("storage", ["torage", "Storage"]), "Storage");
});

Deno.test("nearest() does not take one long name for another", () => {
  const types = [
    "jumpstarter_driver_power.driver.MockPower",
    "jumpstarter_driver_network.driver.TcpNetwork",
  ];
  assert.equal(nearest("jumpstarter_driver_power.driver.MokPower", types), types[0]);
  assert.equal(nearest("jumpstarter_driver_gpio.driver.PowerSwitch", types), undefined);
});
