import assert from "node:assert/strict";
import { within } from "../support/running.ts";
import type { Place } from "./device.ts";
import { device, DirectExporter, SOON } from "./exporter.ts";

/** A driver that fails, and what comes of it. */
export interface DriverCase {
  readonly name: string;
  /** Is among the tests that are always run. */
  readonly isQuick?: true;
  readonly at: Place;
  readonly fault: "throws" | "hangs" | "blocks" | "strays";
  /** Fails unless the user sees what there is to see. */
  readonly shows: (exporter: DirectExporter) => Promise<void>;
}

/** Every driver. */
export const driverCases: readonly DriverCase[] = [
  ...(["constructor", "reset"] as const).map((at): DriverCase => ({
    name: `throws in its ${at}`,
    at,
    fault: "throws",
    async shows(exporter) {
      // Its start takes a part of this.
      await exporter.assertEnds(1, { time: 4 * SOON });
      assert.match(exporter.program.stderr, /^error: .*fails/m);
      assert.doesNotMatch(exporter.program.stderr, /^ +at /m, "no stack trace");
      assert.equal(exporter.program.stdout, "");
    },
  })),
  { name: "blocks in its constructor", at: "constructor", fault: "blocks", shows: serves },
  { name: "blocks in its reset", at: "reset", fault: "blocks", shows: serves },
  ...(["call", "items", "bytes"] as const).flatMap((at) => [
    { name: `throws in ${at}`, at, fault: "throws" as const, shows: failing(at) },
    { name: `blocks in ${at}`, at, fault: "blocks" as const, shows: blocking(at) },
    {
      name: `hangs in ${at}`,
      isQuick: true as const,
      at,
      fault: "hangs" as const,
      shows: hanging(at),
    },
  ]),
  {
    name: "lets a promise and a timer fail unheard",
    isQuick: true,
    at: "call",
    fault: "strays",
    async shows(exporter) {
      await exporter.program.shown(/^JUMPSTARTER_HOST=/m);
      assert.equal(await use(exporter, "call"), "done");
      await exporter.program.shown(/unheard: Error: a promise of the call of this device fails/);
      await exporter.program.shown(/unheard: Error: the call of this device fails/);
      await exporter.assertUsable();
    },
  },
  {
    name: "throws when it is closed",
    isQuick: true,
    at: "close",
    fault: "throws",
    async shows(exporter) {
      await serves(exporter);
      assert.match(exporter.program.stderr, /closing driver \\?"device\\?" failed: the close of/);
    },
  },
  {
    name: "blocks when it is closed",
    at: "close",
    fault: "blocks",
    shows: serves,
  },
  {
    name: "hangs in its reset, and is told to end",
    at: "reset",
    fault: "hangs",
    async shows(exporter) {
      await exporter.program.shown(/^at reset$/m);
      exporter.program.kill("SIGTERM");
      await exporter.assertEnds(0);
    },
  },
  {
    name: "hangs when it is closed",
    at: "close",
    fault: "hangs",
    async shows(exporter) {
      await exporter.program.shown(/^JUMPSTARTER_HOST=/m);
      exporter.program.kill("SIGTERM");
      // A driver has 5 s to close.
      await exporter.assertEnds(0, { time: 5_000 + SOON });
      assert.match(
        exporter.program.stderr,
        /closing driver \\?"device\\?" failed: it takes longer/,
      );
    },
  },
  {
    name: "hangs in its reset",
    at: "reset",
    fault: "hangs",
    async shows(exporter) {
      // It has 40 s.
      await exporter.assertEnds(1, { time: 40_000 + SOON });
      assert.match(exporter.program.stderr, /^error: resetting driver "device" .*takes longer/m);
    },
  },
];

/** Starts an exporter with such a driver; fails unless it behaves. */
export async function isBorne({ at, fault, shows }: DriverCase): Promise<void> {
  await using exporter = await DirectExporter.start({
    entries: { device: { type: device, config: { at, fault } } },
  });
  await shows(exporter);
}

async function serves(exporter: DirectExporter): Promise<void> {
  await exporter.program.shown(/^JUMPSTARTER_HOST=/m);
  await exporter.assertUsable();
  exporter.program.kill("SIGTERM");
  await exporter.assertEnds(0);
}

type Use = "call" | "items" | "bytes";

/** Uses the device; what it answers first. */
async function use(exporter: DirectExporter, what: Use): Promise<unknown> {
  await using board = await exporter.connect();
  const client = board.child("device");
  if (what === "call") return await client.call("wait", 0);
  if (what === "items") return (await client.streamingCall("count").next()).value;
  await using stream = await client.stream();
  await stream.write(new Uint8Array(1));
  return await stream.read();
}

function failing(at: Use): DriverCase["shows"] {
  return async (exporter) => {
    await exporter.program.shown(/^JUMPSTARTER_HOST=/m);
    await assert.rejects(use(exporter, at), new RegExp(`the ${at} of this device fails`));
    await serves(exporter);
  };
}

function blocking(at: Use): DriverCase["shows"] {
  return async (exporter) => {
    await exporter.program.shown(/^JUMPSTARTER_HOST=/m);
    await within(SOON, Promise.all([use(exporter, at), exporter.assertUsable()]));
    await serves(exporter);
  };
}

function hanging(at: Use): DriverCase["shows"] {
  return async (exporter) => {
    await exporter.program.shown(/^JUMPSTARTER_HOST=/m);
    const used = assert.rejects(
      use(exporter, at),
      /went away|gone|does not answer|dropped|cancel/i,
    );
    await exporter.program.shown(new RegExp(`^at ${at}$`, "m"));
    // Others are served, and the end does not wait for it.
    await serves(exporter);
    await within(SOON, used);
  };
}
