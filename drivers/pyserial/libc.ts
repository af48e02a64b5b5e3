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
  __errno_location: { parameters: [], result: "pointer" },
  strerror: { parameters: ["i32"], result: "pointer" },
} as const;

/** The functions of the C library that a serial port needs and Deno does not offer. */
export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

let loaded: Libc | undefined;

/** Loads the C library at the first use; stays loaded. Needs `--allow-ffi`. */
export function libc(): Libc {
  if (Deno.build.os !== "linux") {
    throw new Deno.errors.NotSupported("serial ports are there on Linux only");
  }
  return loaded ??= Deno.dlopen("libc.so.6", SYMBOLS).symbols;
}

/** The error number of the call just made. */
export function errno(): number {
  return new Deno.UnsafePointerView(libc().__errno_location()!).getInt32();
}

/** What an error number means: `Permission denied`. */
export function errorText(number: number): string {
  return new Deno.UnsafePointerView(libc().strerror(number)!).getCString();
}

/** Error numbers that ask for another try. */
export const EINTR = 4;
export const EAGAIN = 11;
