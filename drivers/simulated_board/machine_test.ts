import assert from "node:assert/strict";
import { Machine, type Surroundings } from "./machine.ts";
import type { Medium } from "./medium.ts";

const image: Medium = { size: 42, sha256: "ab".repeat(32), version: "VERSION=1.2.3" };

/** A machine on a clock of its own: with `isPaused` a wait lasts until `tick` is called. */
function bench(options: { medium?: Medium | null; isPaused?: boolean } = {}) {
  const { isPaused = false } = options;
  const waits: (() => void)[] = [];
  const seen = {
    text: "",
    isNetworkUp: false,
    now: 0,
    faults: [] as unknown[],
    readMedium: (_: AbortSignal): Promise<Medium | undefined> =>
      Promise.resolve(options.medium === null ? undefined : options.medium ?? image),
  };
  const surroundings: Surroundings = {
    hostname: "board",
    bootTime: 300,
    print: (text) => void (seen.text += text),
    readMedium: (signal) => seen.readMedium(signal),
    now: () => seen.now,
    wait: (_, signal) => isPaused ? held(signal, waits) : Promise.resolve(),
    networkUp: () => void (seen.isNetworkUp = true),
    networkDown: () => void (seen.isNetworkUp = false),
    onFault: (error) => void seen.faults.push(error),
  };
  const machine = new Machine(surroundings);
  const take = async () => {
    await settle();
    const { text } = seen;
    seen.text = "";
    return text;
  };
  return { machine, seen, take, tick: () => waits.shift()?.() };
}

/** A promise that the test settles, or the signal. */
function held<T>(signal: AbortSignal, resolvers: ((value: T) => void)[] = []): Promise<T> {
  return new Promise((resolve, reject) => {
    resolvers.push(resolve);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

/** Lets the machine finish what it was told: it waits for nothing but promises. */
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

async function loggedIn() {
  const wired = bench();
  wired.machine.powerOn();
  await settle();
  wired.machine.type("root\r");
  await wired.take();
  return wired;
}

Deno.test("a board without power is silent and draws nothing", async () => {
  const { machine, take } = bench();
  machine.type("root\r");
  assert.equal(await take(), "");
  assert.deepEqual([machine.state, machine.current, machine.voltage], ["off", 0, 0]);
});

Deno.test("a board that boots tells what is on its storage, and asks for a login", async () => {
  const { machine, seen, take } = bench();
  machine.powerOn();
  const log = await take();
  assert.match(log, /mmcblk0: image of 42 bytes\r\n/);
  assert.match(log, new RegExp(`mmcblk0: sha256 ${image.sha256}\r\n`));
  assert.match(log, /mmcblk0: VERSION=1\.2\.3\r\n/);
  assert.match(log, /log in as root, no password.*\r\n\r\nboard login: $/);
  assert.equal(seen.isNetworkUp, true);
  assert.deepEqual([machine.state, machine.current, machine.voltage], ["idle", 0.42, 5.05]);
});

Deno.test("a board with an empty storage says so, again at Enter, and waits", async () => {
  const { machine, seen, take } = bench({ medium: null });
  machine.powerOn();
  assert.match(await take(), /mmcblk0: no image found\r\nno boot medium; flash .*\r\n$/);
  machine.type("\r");
  assert.match(await take(), /^\r\nno boot medium; flash .*\r\n$/);
  assert.deepEqual([machine.state, machine.current, seen.isNetworkUp], ["stuck", 0.21, false]);
});

Deno.test("an image without a version line is said to have none", async () => {
  const { machine, take } = bench({ medium: { ...image, version: undefined } });
  machine.powerOn();
  assert.match(await take(), /no version line in the image/);
});

Deno.test("power that goes while the board boots cuts a line in the middle", async () => {
  const { machine, seen, take, tick } = bench({ isPaused: true });
  machine.powerOn();
  await settle();
  tick();
  await settle();
  machine.type("nobody listens yet\r");
  assert.deepEqual([machine.state, machine.current], ["booting", 0.85]);
  machine.powerOff();
  assert.match(await take(), /physical CPU 0x0\r\n\[ +0\.137000\] Linux version $/);
  assert.deepEqual([machine.state, seen.isNetworkUp], ["off", false]);
});

Deno.test("power that goes and comes back at once boots once more, from the start", async () => {
  const { machine, take } = bench();
  machine.powerOn();
  machine.powerOff();
  machine.powerOn();
  machine.powerOn();
  assert.equal((await take()).split("SimBoot").length, 2);
  assert.equal(machine.state, "idle");
});

Deno.test("the boot loader speaks before it has looked through the storage", async () => {
  const { machine, seen, take } = bench();
  seen.readMedium = (signal) => held(signal);
  machine.powerOn();
  assert.match(await take(), /^SimBoot [^]*\r\nLoading the image from mmcblk0 \.\.\.\r\n$/);
  assert.equal(machine.state, "booting");
  await machine[Symbol.asyncDispose]();
  assert.equal(await take(), "");
});

Deno.test("disposing a machine waits for what is under way", async () => {
  const { machine, seen } = bench();
  const end = Promise.withResolvers<void>();
  let isReading = true;
  seen.readMedium = async () => {
    await end.promise;
    isReading = false;
    return image;
  };
  machine.powerOn();
  await settle();
  const disposed = machine[Symbol.asyncDispose]();
  end.resolve();
  await disposed;
  assert.deepEqual([isReading, machine.state], [false, "off"]);
  assert.doesNotMatch(seen.text, /Linux/);
});

Deno.test("a storage that cannot be read is a panic on the console, and told outside", async () => {
  const { machine, seen, take } = bench();
  seen.readMedium = () => Promise.reject(new Error("disk on fire"));
  machine.powerOn();
  assert.match(await take(), /Kernel panic: disk on fire\r\n$/);
  assert.deepEqual([machine.state, seen.faults.length], ["stuck", 1]);
});

Deno.test("a panic in the shell takes the network down, and leaves power off and on", async () => {
  const { machine, seen, take } = await loggedIn();
  const { readMedium } = seen;
  seen.readMedium = () => Promise.reject(new Error("disk on fire"));
  machine.type("sha256sum /dev/mmcblk0\r");
  assert.match(await take(), /Kernel panic: disk on fire/);
  assert.deepEqual([machine.state, seen.isNetworkUp], ["stuck", false]);
  seen.readMedium = readMedium;
  machine.powerOff();
  machine.powerOn();
  assert.match(await take(), /board login: $/);
});

Deno.test("a program that computes draws more; one that waits does not", async () => {
  const { machine, seen, take } = await loggedIn();
  const reads: ((medium: Medium) => void)[] = [];
  seen.readMedium = (signal) => held(signal, reads);
  machine.type("sha256sum /dev/mmcblk0\r");
  assert.deepEqual([machine.state, machine.current, machine.voltage], ["idle", 0.42, 5.05]);
  await settle();
  assert.deepEqual([machine.state, machine.current, machine.voltage], ["busy", 0.97, 4.984]);
  reads[0]!(image);
  assert.match(await take(), /# $/);
  assert.equal(machine.state, "idle");
  machine.type("cat\r");
  await settle();
  assert.equal(machine.state, "idle");
});

Deno.test("poweroff and reboot do what they say; reboot reads the storage again", async () => {
  const { machine, seen, take } = await loggedIn();
  seen.readMedium = () => Promise.resolve({ ...image, size: 43 });
  machine.type("reboot\r");
  assert.match(await take(), /^reboot\r\nRestarting system\.\r\n[^]*image of 43 bytes[^]*login: $/);
  machine.type("root\rsync; halt; echo never\r");
  assert.match(await take(), /System halted\.\r\n$/);
  assert.deepEqual([machine.state, seen.isNetworkUp], ["off", false]);
});

Deno.test("a storage that is written under the running system is noticed", async () => {
  const { machine, take } = await loggedIn();
  machine.type("una");
  machine.mediumChanged();
  const said = "mmcblk0: medium changed under the running system; reboot to use it";
  assert.equal(await take(), `una\r\n${said}\r\nroot@board:~# una`);
  machine.powerOff();
  machine.mediumChanged();
  assert.equal(await take(), "");
});

Deno.test("uptime counts from the start of the system", async () => {
  const { machine, seen, take } = await loggedIn();
  seen.now = 61_500;
  machine.type("uptime; cat /proc/uptime\r");
  assert.match(await take(), /up 61 seconds\r\n61\.50 61\.50\r\n/);
});
