import type { Medium } from "./medium.ts";

/** What the boot loader says before it looks at the storage. */
export const LOADER: readonly string[] = [
  "SimBoot 1.0 (simulated board)",
  "Loading the image from mmcblk0 ...",
];

/** What it says when there is nothing to boot. */
export const NO_MEDIUM: readonly string[] = [
  "mmcblk0: no image found",
  "no boot medium; flash an image, then switch the power off and on",
];

/** What the kernel says while it starts from a medium, line by line. */
export function bootLog(hostname: string, { size, sha256, version }: Medium): string[] {
  const lines = [
    "Booting Linux on physical CPU 0x0",
    "Linux version 6.12.0-sim (simulated board)",
    "Memory: 512 MiB available",
    "serial0: ttyS0, console enabled",
    `mmcblk0: image of ${size} bytes`,
    `mmcblk0: sha256 ${sha256}`,
    `mmcblk0: ${version ?? "no version line in the image"}`,
    "VFS: mounted root on mmcblk0",
    "eth0: link up",
    `${hostname}: started`,
  ];
  return lines.map((line, index) => `[${(index * 0.137).toFixed(6).padStart(12)}] ${line}`);
}
