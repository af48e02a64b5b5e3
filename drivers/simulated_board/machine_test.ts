import assert from "node:assert/strict";
import { Machine, type Surroundings } from "./machine.ts";
import type { Medium } from "./medium.ts";

const image: Medium = { size: 42, sha256: "ab".repeat(32), version: "VERSION=1.2.3" };

/** A machine on a clock of its own: a wait lasts until `tick` is called, or not at all. */
function bench(medium: Medium | undefined = image, isPaused = false) {
  const waits: (() => void)[] = [];
  const seen: { text: string; isNetworkUp: boolean; medium: Medium | undefined } = {
    text: "",
    isNetworkUp: false,
    medium,
  };
  const surroundings: Surroundings = {
    hostname: "board",
    bootTime: 300,
    print: (text) => seen.text += text,
    readMedium: () => Promise.resolve(seen.medium),
    now: () => 0,
    wait: (_, signal) =>
      isPaused
        ? new Promise((resolve, reject) => {
          waits.push(resolve);
          signal.addEventListener("abort", () => reject(signal.reason));
        })
        : Promise.resolve(),
    networkUp: () => Promise.resolve(void (seen.isNetworkUp = true)),
    networkDown: () => seen.isNetworkUp = false,
  };
  const machine = new Machine(surroundings);
  const take = () => {
    const { text } = seen;
    seen.text = "";
    return text;
  };
  return { machine, seen, take, tick: () => waits.shift()?.() };
}

/** Lets the machine finish what it was told. */
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

async function loggedIn() {
  const wired = bench();
  await wired.machine.powerOn();
  wired.machine.type("root\r");
  wired.take();
  return wired;
}

Deno.test("a board without power is silent and draws nothing", () => {
  const { machine, take } = bench();
  machine.type("root\r");
  assert.equal(take(), "");
  assert.deepEqual([machine.state, machine.current, machine.voltage], ["off", 0, 0]);
});

Deno.test("a board that boots tells what is on its storage, and asks for a login", async () => {
  const { machine, seen, take } = bench();
  await machine.powerOn();
  const log = take();
  assert.match(log, /mmcblk0: image of 42 bytes\r\n/);
  assert.match(log, new RegExp(`mmcblk0: sha256 ${image.sha256}\r\n`));
  assert.match(log, /mmcblk0: VERSION=1\.2\.3\r\n/);
  assert.match(log, /board login: $/);
  assert.equal(seen.isNetworkUp, true);
  assert.deepEqual([machine.state, machine.current, machine.voltage], ["login", 0.42, 5.05]);
});

Deno.test("a board with an empty storage says so and waits", async () => {
  const wired = bench();
  wired.seen.medium = undefined;
  await wired.machine.powerOn();
  assert.match(wired.take(), /no boot medium/);
  assert.deepEqual([wired.machine.state, wired.seen.isNetworkUp], ["no medium", false]);
});

Deno.test("an image without a version line is said to have none", async () => {
  const { machine, take } = bench({ ...image, version: undefined });
  await machine.powerOn();
  assert.match(take(), /no version line in the image/);
});

Deno.test("power that goes while the board boots cuts a line in the middle", async () => {
  const { machine, seen, take, tick } = bench(image, true);
  const booting = machine.powerOn();
  await settle();
  tick();
  await settle();
  assert.equal(machine.state, "booting");
  assert.equal(machine.current, 0.85);
  machine.powerOff();
  await booting;
  assert.doesNotMatch(take(), /\r\n$/);
  assert.deepEqual([machine.state, seen.isNetworkUp], ["off", false]);
});

Deno.test("only root may log in", async () => {
  const { machine, take } = bench();
  await machine.powerOn();
  take();
  machine.type("guest\r");
  assert.equal(take(), "guest\r\nLogin incorrect\r\nboard login: ");
  machine.type("root\r\n");
  assert.equal(take(), "root\r\nroot@board:~# ");
});

/** A command line in the shell, and what it prints. */
const lines: [string, string][] = [
  ["uname", "Linux"],
  ["uname -a", "Linux board 6.12.0-sim #1 SMP simulated GNU/Linux"],
  ["whoami", "root"],
  ["echo a  b", "a b"],
  ["cat /etc/hostname", "board"],
  ["cat /etc/os-release", 'NAME="Simulated Board Linux"\r\nVERSION=1.2.3'],
  ["cat /nope", "cat: /nope: No such file or directory"],
  ["sha256sum /dev/mmcblk0", `${image.sha256}  /dev/mmcblk0`],
  ["ls /dev", "mmcblk0  ttyS0"],
  ["toString", "sh: toString: not found"],
  ["nope", "sh: nope: not found"],
];

for (const [line, output] of lines) {
  Deno.test(`the board's shell answers ${line}`, async () => {
    const { machine, take } = await loggedIn();
    machine.type(`${line}\r`);
    await settle();
    assert.equal(take(), `${line}\r\n${output}\r\nroot@board:~# `);
  });
}

Deno.test("the terminal erases, interrupts and ends like a terminal", async () => {
  const { machine, take } = await loggedIn();
  machine.type("\b");
  assert.equal(take(), "");
  machine.type("ab\x7f");
  assert.equal(take(), "ab\b \b");
  machine.type("\x03");
  assert.equal(take(), "^C\r\nroot@board:~# ");
  machine.type("\x04");
  assert.match(take(), /board login: $/);
});

Deno.test("poweroff and reboot do what they say; reboot reads the storage again", async () => {
  const { machine, seen, take } = await loggedIn();
  seen.medium = { ...image, size: 43 };
  machine.type("reboot\r");
  await settle();
  const log = take();
  assert.match(log, /Restarting system/);
  assert.match(log, /image of 43 bytes/);
  machine.type("root\r");
  machine.type("poweroff\r");
  await settle();
  assert.match(take(), /System halted/);
  assert.deepEqual([machine.state, seen.isNetworkUp], ["off", false]);
});

Deno.test("a storage that is written under the running system is noticed", async () => {
  const { machine, take } = await loggedIn();
  machine.mediumChanged();
  assert.match(take(), /medium changed under the running system; reboot to use it/);
  machine.powerOff();
  machine.mediumChanged();
  assert.equal(take(), "");
});
