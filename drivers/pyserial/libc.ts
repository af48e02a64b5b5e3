import { libcOf } from "../libc.ts";

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  // Waits for output to leave the line, which may take long.
  close: { parameters: ["i32"], result: "i32", nonblocking: true },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32", nonblocking: true },
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  tcdrain: { parameters: ["i32"], result: "i32", nonblocking: true },
  tcflush: { parameters: ["i32", "i32"], result: "i32" },
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
} as const;

/** The functions of the C library that a serial port needs and Deno does not offer. */
export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** Loads the C library at the first use; stays loaded. Needs `--allow-ffi`. */
export const libc: () => Libc = libcOf(SYMBOLS, "serial ports are there on Linux only");
