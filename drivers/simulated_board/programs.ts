import { createHash } from "node:crypto";
import { kindOf, namesIn, resolvePath, STORAGE, textOf } from "./files.ts";
import type { Process } from "./process.ts";

/** Gives the exit status; nothing for 0. */
export type Program = (process: Process, args: string[]) => Promise<number | void> | number | void;

/** The longest wait a timer can do, milliseconds. */
const MAX_SLEEP = 2 ** 31 - 1;

/** What the shell can run. */
export const programs: Readonly<Record<string, Program>> = {
  cat,
  cd({ shell, print }, [path = "/root"]) {
    const folder = resolvePath(shell.folder, path);
    if (kindOf(folder) !== "folder") return fail(print, `cd: can't cd to ${path}`);
    shell.folder = folder;
    return 0;
  },
  clear: ({ print }) => print("\x1b[H\x1b[2J"),
  dmesg: ({ print, system }) => print(`${system.bootLog.join("\n")}\n`),
  echo: ({ print }, args) =>
    args[0] === "-n" ? print(args.slice(1).join(" ")) : print(`${args.join(" ")}\n`),
  exit,
  false: () => 1,
  halt: poweroff,
  help: ({ print }) => print(`programs: ${Object.keys(programs).join(" ")}\n`),
  hostname: ({ print, system }) => print(`${system.hostname}\n`),
  id: ({ print }) => print("uid=0(root) gid=0(root) groups=0(root)\n"),
  logout: exit,
  ls,
  poweroff,
  pwd: ({ print, shell }) => print(`${shell.folder}\n`),
  reboot: ({ system }) => system.reboot(),
  sha256sum: (process, args) => forEach(args, (path) => checksum(process, path)),
  async sleep({ print, sleep }, [seconds = ""]) {
    if (!/^\d+(\.\d+)?$/.test(seconds)) return fail(print, `sleep: invalid number '${seconds}'`);
    await sleep(Math.min(Number(seconds) * 1000, MAX_SLEEP));
    return 0;
  },
  sync: () => 0,
  true: () => 0,
  uname,
  uptime: ({ print, system }) => print(`up ${Math.floor(system.uptime)} seconds\n`),
  whoami: ({ print }) => print("root\n"),
};

function exit({ shell }: Process): void {
  shell.isDone = true;
}

function poweroff({ system }: Process): void {
  system.powerOff();
}

function fail(print: (text: string) => void, message: string): number {
  print(`${message}\n`);
  return 1;
}

/** Does one thing after the other; the worst status. */
async function forEach(
  args: string[],
  work: (arg: string) => number | void | Promise<number | void>,
): Promise<number> {
  let worst = 0;
  for (const arg of args) worst = Math.max(worst, (await work(arg)) ?? 0);
  return worst;
}

async function cat({ print, readLine, shell, system }: Process, args: string[]): Promise<number> {
  if (args.length === 0) {
    for (let line = await readLine(); line !== null; line = await readLine()) print(`${line}\n`);
  }
  return forEach(args, (arg) => {
    const path = resolvePath(shell.folder, arg);
    switch (kindOf(path)) {
      case "file":
        return print(textOf(system, path));
      case "folder":
        return fail(print, `cat: ${arg}: Is a directory`);
      case "device":
        return fail(print, `cat: ${arg}: not for a terminal; sha256sum can read ${STORAGE}`);
      default:
        return fail(print, `cat: ${arg}: No such file or directory`);
    }
  });
}

function ls({ print, shell }: Process, args: string[]): Promise<number> {
  const paths = args.filter((arg) => !arg.startsWith("-"));
  return forEach(paths.length === 0 ? ["."] : paths, (arg) => {
    const path = resolvePath(shell.folder, arg);
    const kind = kindOf(path);
    if (kind === undefined) return fail(print, `ls: ${arg}: No such file or directory`);
    const names = kind === "folder" ? namesIn(path) : [arg];
    if (names.length > 0) print(`${names.join("  ")}\n`);
    return 0;
  });
}

async function checksum(process: Process, arg: string): Promise<number | void> {
  const { print, shell, system, signal } = process;
  const path = resolvePath(shell.folder, arg);
  if (path === STORAGE) {
    const medium = await system.readMedium(signal);
    if (medium === undefined) return fail(print, `sha256sum: ${arg}: No medium found`);
    return print(`${medium.sha256}  ${arg}\n`);
  }
  if (kindOf(path) !== "file") return fail(print, `sha256sum: ${arg}: No such file or directory`);
  const digest = createHash("sha256").update(textOf(system, path)).digest("hex");
  print(`${digest}  ${arg}\n`);
}

function uname({ print, system }: Process, args: string[]): number | void {
  const facts: Record<string, string> = {
    s: "Linux",
    n: system.hostname,
    r: "6.12.0-sim",
    v: "#1 SMP simulated",
    m: "aarch64",
    o: "GNU/Linux",
  };
  const flags = args.length === 0 ? "s" : args.map((arg) => arg.replace(/^-/, "")).join("");
  const unknown = [...flags].find((flag) => flag !== "a" && !Object.hasOwn(facts, flag));
  if (unknown !== undefined) return fail(print, `uname: unknown option '${unknown}'`);
  const shown = Object.keys(facts).filter((flag) => flags.includes("a") || flags.includes(flag));
  print(`${shown.map((flag) => facts[flag]).join(" ")}\n`);
}
