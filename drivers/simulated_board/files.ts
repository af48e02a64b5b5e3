import type { System } from "./system.ts";

type Content = (system: System) => string;

/** The text files of the system, each with its last line's end. */
const files: Readonly<Record<string, Content>> = {
  "/etc/hostname": ({ hostname }) => `${hostname}\n`,
  "/etc/os-release": ({ image }) =>
    `NAME="Simulated Board Linux"\n${image.version ?? "VERSION=unknown"}\n`,
  "/proc/cmdline": () => "console=ttyS0,115200 root=/dev/mmcblk0\n",
  "/proc/cpuinfo": () => "processor\t: 0\nmodel name\t: simulated\n",
  "/proc/meminfo": () => "MemTotal:         524288 kB\nMemFree:          471808 kB\n",
  "/proc/uptime": ({ uptime }) => `${uptime.toFixed(2)} ${uptime.toFixed(2)}\n`,
  "/proc/version": () => "Linux version 6.12.0-sim (simulated board)\n",
};

/** The path of the storage, which is no text. */
export const STORAGE = "/dev/mmcblk0";

const paths = [...Object.keys(files), STORAGE, "/dev/ttyS0"];
const folders = new Set(["/", "/root", ...paths.flatMap(parents)]);

function parents(path: string): string[] {
  const end = path.lastIndexOf("/");
  return end <= 0 ? [] : [path.slice(0, end), ...parents(path.slice(0, end))];
}

/** What a path leads to. */
export function kindOf(path: string): "file" | "device" | "folder" | undefined {
  if (folders.has(path)) return "folder";
  if (Object.hasOwn(files, path)) return "file";
  return paths.includes(path) ? "device" : undefined;
}

/** The text of a file. */
export function textOf(system: System, path: string): string {
  return files[path]!(system);
}

/** The names in a folder, in order. */
export function namesIn(folder: string): string[] {
  const prefix = folder === "/" ? "/" : `${folder}/`;
  return [...paths, ...folders]
    .filter((path) => path.startsWith(prefix) && path.length > prefix.length)
    .map((path) => path.slice(prefix.length).split("/")[0]!)
    .filter((name, index, all) => all.indexOf(name) === index)
    .sort();
}

/** An absolute path, without `.` and `..`. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
