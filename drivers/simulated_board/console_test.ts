import assert from "node:assert/strict";
import { Console } from "./console.ts";
import type { System } from "./system.ts";

/** Lets the console finish what it was told: it waits for nothing but promises. */
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const prompt = "root@board:~# ";

/** A console at its login; a sleep lasts until Ctrl-C. */
async function atLogin() {
  const seen = { text: "", sleeps: [] as number[] };
  const system: System = {
    hostname: "board",
    uptime: 1,
    image: { size: 42, sha256: "ab".repeat(32), version: "VERSION=1.2.3" },
    bootLog: ["first", "second"],
    readMedium: () => Promise.resolve(system.image),
    reboot: () => {},
    powerOff: () => {},
  };
  const console = new Console({
    print: (text) => void (seen.text += text),
    wait: (milliseconds, signal) =>
      new Promise((_, reject) => {
        seen.sleeps.push(milliseconds);
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    onBusy: () => {},
  });
  const take = async () => {
    await settle();
    const { text } = seen;
    seen.text = "";
    return text;
  };
  console.serve(system, new AbortController().signal);
  await take();
  /** Types, and gives what the console shows. */
  const type = (text: string) => {
    console.type(text);
    return take();
  };
  return { console, seen, type };
}

async function atPrompt() {
  const wired = await atLogin();
  await wired.type("root\r");
  return wired;
}

Deno.test("only root may log in; Enter asks again", async () => {
  const { type } = await atLogin();
  assert.equal(await type("\r"), "\r\nboard login: ");
  assert.equal(await type("guest\r"), "guest\r\nLogin incorrect\r\nboard login: ");
  assert.equal(await type("root\r\n"), `root\r\n${prompt}`);
  assert.equal(await type("\r"), `\r\n${prompt}`);
});

/** A command line in the shell, and what it prints. */
const lines: [string, string][] = [
  ["uname", "Linux\n"],
  ["uname -a", "Linux board 6.12.0-sim #1 SMP simulated aarch64 GNU/Linux\n"],
  ["uname -r -m", "6.12.0-sim aarch64\n"],
  ["uname -x", "uname: unknown option 'x'\n"],
  ["whoami", "root\n"],
  ["hostname", "board\n"],
  ["dmesg", "first\nsecond\n"],
  ["echo a  b", "a b\n"],
  ["echo 'a  b' \"c  'd'\" e\\ f ''", "a  b c  'd' e f \n"],
  ["echo $USER@$HOSTNAME ${HOME}x '$USER' $NOPE.", "root@board /rootx $USER .\n"],
  ['echo "a\\nb \\"c\\" \\$USER \\\\" d\\$USER', 'a\\nb "c" $USER \\ d$USER\n'],
  ["echo ~ ~/x a~ '~'; cd /etc; cd ~ && pwd", "/root /root/x a~ ~\n/root\n"],
  ["echo -n a; echo b#c # comment", "ab#c\n"],
  ["nope; echo $?", "sh: nope: not found\n127\n"],
  ["true && echo yes || echo no", "yes\n"],
  ["false && echo yes || echo no", "no\n"],
  ["false; echo $?; echo $?", "1\n0\n"],
  ["exit_ || exit_", "sh: exit_: not found\nsh: exit_: not found\n"],
  ["echo a | cat", 'sh: syntax error: "|" is not supported\n'],
  ["echo a > b", 'sh: syntax error: ">" is not supported\n'],
  ["echo 'a", "sh: syntax error: unterminated quoted string\n"],
  ["&& true", 'sh: syntax error: unexpected "&&"\n'],
  ["true &&", "sh: syntax error: unexpected end of the line\n"],
  ["true;", ""],
  ["cat /etc/hostname", "board\n"],
  ["cat /etc/os-release", 'NAME="Simulated Board Linux"\nVERSION=1.2.3\n'],
  ["cat /nope; echo $?", "cat: /nope: No such file or directory\n1\n"],
  ["cat /etc", "cat: /etc: Is a directory\n"],
  ["cat /dev/mmcblk0", "cat: /dev/mmcblk0: not for a terminal; sha256sum can read /dev/mmcblk0\n"],
  ["sha256sum /dev/mmcblk0", `${"ab".repeat(32)}  /dev/mmcblk0\n`],
  [
    "sha256sum /etc/hostname",
    "1924edc9ce6eb6eb088186e6b5529b139c485d5139d1a3122f9c6d1b42f8ce59  /etc/hostname\n",
  ],
  ["sha256sum /nope", "sha256sum: /nope: No such file or directory\n"],
  ["ls", ""],
  ["ls -l /", "dev  etc  proc  root\n"],
  ["ls /dev /etc/hostname", "mmcblk0  ttyS0\n/etc/hostname\n"],
  ["ls /nope", "ls: /nope: No such file or directory\n"],
  ["cd /nope", "cd: can't cd to /nope\n"],
  ["cd ../etc && pwd && cat ./hostname; cd; pwd", "/etc\nboard\n/root\n"],
  ["sleep soon", "sleep: invalid number 'soon'\n"],
  ["toString", "sh: toString: not found\n"],
  ["nope", "sh: nope: not found\n"],
];

for (const [line, output] of lines) {
  Deno.test(`the board's shell answers ${line}`, async () => {
    const { type } = await atPrompt();
    const shown = output.replaceAll("\n", "\r\n");
    assert.equal(await type(`${line}\r`), `${line}\r\n${shown}${prompt}`);
  });
}

Deno.test("the board's shell shows where it is", async () => {
  const { type } = await atPrompt();
  assert.equal(await type("cd /etc\r"), "cd /etc\r\nroot@board:/etc# ");
});

Deno.test("the terminal erases characters, words and lines", async () => {
  const { type } = await atPrompt();
  assert.equal(await type("\b"), "");
  assert.equal(await type("aé\x7f"), "aé\b \b");
  assert.equal(await type(" bc d\x17"), " bc d\b \b");
  assert.equal(await type("\x15"), "\b \b".repeat(5));
  assert.equal(await type("echo x\r"), `echo x\r\nx\r\n${prompt}`);
});

Deno.test("the terminal takes no notice of arrow keys, whole or in parts", async () => {
  const { type } = await atPrompt();
  assert.equal(await type("a\x1b[Ab\x1bOCc\x1b[1;5Dd"), "abcd");
  assert.equal(await type("\x1b"), "");
  assert.equal(await type("[1"), "");
  assert.equal(await type("~e\x1b\x03"), `e^C\r\n${prompt}`);
});

Deno.test("the terminal cuts a line that is far too long", async () => {
  const { type } = await atPrompt();
  assert.equal((await type("x".repeat(10_000))).length, 4095);
});

Deno.test("Ctrl-D logs out at the start of a line only; so does exit", async () => {
  const { type } = await atPrompt();
  assert.equal(await type("a\x04\x15"), "a\b \b");
  assert.match(await type("\x04"), /log in as root, no password\)\r\n\r\nboard login: $/);
  assert.equal(await type("\x04"), "\r\nboard login: ");
  await type("root\r");
  assert.match(await type("logout\r"), /login: $/);
  await type("root\r");
  assert.match(await type("exit; echo never\r"), /never\r\n\r\nSimulated[^]*board login: $/);
});

Deno.test("Ctrl-C drops the line, and ends a program that runs", async () => {
  const { type, seen } = await atPrompt();
  assert.equal(await type("ab\x03"), `ab^C\r\n${prompt}`);
  assert.equal(await type("sleep 1.5; echo never\r"), "sleep 1.5; echo never\r\n");
  assert.deepEqual(seen.sleeps, [1500]);
  assert.equal(await type("\x03"), `^C\r\n${prompt}`);
  assert.equal(await type("echo $?\r"), `echo $?\r\n130\r\n${prompt}`);
});

Deno.test("what is typed ahead waits for its turn, and is lost at Ctrl-C", async () => {
  const { type } = await atPrompt();
  assert.equal(
    await type("hostname\rwhoami\rec"),
    `hostname\r\nwhoami\r\necboard\r\n${prompt}ecroot\r\n${prompt}ec`,
  );
  assert.equal(await type("ho $?\r"), `ho $?\r\n0\r\n${prompt}`);
  await type("sleep 1\rwhoami\r");
  assert.equal(await type("\x03"), `^C\r\n${prompt}`);
});

Deno.test("cat reads the terminal until Ctrl-D", async () => {
  const { type } = await atPrompt();
  assert.equal(await type("cat\r"), "cat\r\n");
  assert.equal(await type("one\r"), "one\r\none\r\n");
  assert.equal(await type("\x04"), prompt);
});
