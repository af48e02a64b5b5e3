import type { Medium } from "./medium.ts";

/** The running system, as a program in its shell sees it. */
export interface System {
  readonly hostname: string;
  /** Seconds since the start. */
  readonly uptime: number;
  /** The image that was booted. */
  readonly image: Medium;
  /** Reads the storage as it is now; nothing when it is empty. */
  readMedium(): Promise<Medium | undefined>;
  reboot(): void;
  powerOff(): void;
  logOut(): void;
}

type Program = (system: System, args: string[]) => string | Promise<string>;

const files: Record<string, (system: System) => string> = {
  "/etc/hostname": ({ hostname }) => hostname,
  "/etc/os-release": ({ image }) =>
    `NAME="Simulated Board Linux"\n${image.version ?? "VERSION=unknown"}`,
  "/proc/uptime": ({ uptime }) => `${uptime.toFixed(2)} ${uptime.toFixed(2)}`,
  "/proc/version": () => "Linux version 6.12.0-sim (simulated board)",
  "/proc/cmdline": () => "console=ttyS0,115200 root=/dev/mmcblk0",
};

const programs: Record<string, Program> = {
  cat: (system, args) => args.map((path) => catFile(system, path)).join("\n"),
  echo: (_, args) => args.join(" "),
  exit: (system) => silently(() => system.logOut()),
  help: () => `programs: ${Object.keys(programs).sort().join(" ")}`,
  hostname: ({ hostname }) => hostname,
  id: () => "uid=0(root) gid=0(root) groups=0(root)",
  ls: (_, [dir = "/root"]) => list(dir),
  poweroff: (system) => silently(() => system.powerOff()),
  pwd: () => "/root",
  reboot: (system) => silently(() => system.reboot()),
  sha256sum: async (system, args) =>
    (await Promise.all(args.map((path) => sum(system, path)))).join("\n"),
  true: () => "",
  uname: ({ hostname }, args) =>
    args.includes("-a") ? `Linux ${hostname} 6.12.0-sim #1 SMP simulated GNU/Linux` : "Linux",
  uptime: ({ uptime }) => `up ${Math.floor(uptime)} seconds`,
  whoami: () => "root",
};

/** Runs a command line; what it prints, without the last line's end. */
export async function runLine(system: System, line: string): Promise<string> {
  const [name, ...args] = line.trim().split(/\s+/);
  if (!name) return "";
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
  return program === undefined ? `sh: ${name}: not found` : await program(system, args);
}

function catFile(system: System, path: string): string {
  if (Object.hasOwn(files, path)) return files[path]!(system);
  return `cat: ${path}: No such file or directory`;
}

async function sum(system: System, path: string): Promise<string> {
  if (path === "/dev/mmcblk0") {
    const medium = await system.readMedium();
    return medium === undefined
      ? `sha256sum: ${path}: No medium found`
      : `${medium.sha256}  ${path}`;
  }
  if (!Object.hasOwn(files, path)) return `sha256sum: ${path}: No such file or directory`;
  const content = new TextEncoder().encode(`${files[path]!(system)}\n`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return `${digest.toHex()}  ${path}`;
}

function list(dir: string): string {
  const prefix = dir.endsWith("/") ? dir : `${dir}/`;
  const inside = [...Object.keys(files), "/dev/mmcblk0", "/dev/ttyS0", "/root/"]
    .filter((path) => path.startsWith(prefix) && path !== prefix)
    .map((path) => path.slice(prefix.length).split("/")[0]!);
  if (inside.length > 0 || dir === "/root") return [...new Set(inside)].sort().join("  ");
  return `ls: ${dir}: No such file or directory`;
}

function silently(action: () => void): string {
  action();
  return "";
}
