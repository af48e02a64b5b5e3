import assert from "node:assert/strict";
import { DriverClient } from "@jumpstarter/lib/driver";
import { findDriverClass } from "./driver_module.ts";
import { local } from "./local.ts";

const module = `
import { Driver, exported } from "@jumpstarter/lib/driver";

export class Fan extends Driver {
  static override readonly client = "acme.FanClient";
  @exported speed() {
    return 1200;
  }
}
export class Nameless extends Driver {}
export class Stranger {}
`;

async function bench() {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/fan.ts`, module);
  await Deno.writeTextFile(`${dir}/broken.ts`, "import './nope.ts';");
  return {
    file: `${dir}/bench.yaml`,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

Deno.test("a driver of one's own is a class in a module beside the exporter file", async () => {
  await using own = await bench();
  const lines = ["metadata: {namespace: a, name: b}", "export:", "  fan: {type: ./fan.ts#Fan}"];
  await Deno.writeTextFile(own.file, lines.join("\n"));
  await using board = await local(own.file, { fan: DriverClient });
  assert.equal(await board.fan.call("speed"), 1200);
});

/** A type that is refused, and why. */
const refused: [string, RegExp][] = [
  ["./fan.ts#Fann", /^\.\/fan\.ts exports no "Fann"\. Did you mean "Fan"\?$/],
  ["./fan.ts#Stranger", /does not extend the Driver of this Jumpstarter/],
  ["./fan.ts#Nameless", /has no `static client`/],
  ["./nope.ts#Fan", /^cannot load the driver module \.\/nope\.ts: .*not found/],
  ["./broken.ts#Fan", /^cannot load the driver module \.\/broken\.ts: /],
  ["./fan.ts", /^Driver '\.\/fan\.ts' is not installed.*named \.\/module\.ts#Name/],
  ["acme.driver.Fan", /^Driver 'acme\.driver\.Fan' is not installed/],
];

for (const [type, reason] of refused) {
  Deno.test(`the driver type ${type} is refused with a reason`, async () => {
    await using own = await bench();
    await assert.rejects(findDriverClass(type, own.file), { code: "config", message: reason });
  });
}
