const SYMBOLS = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32", nonblocking: true },
  __errno_location: { parameters: [], result: "pointer" },
  strerror: { parameters: ["i32"], result: "pointer" },
} as const;

/** The functions of the C library for sockets of a kind that Deno does not have. */
export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

let loaded: Libc | undefined;

/** Loads the C library at the first use; stays loaded. Needs `--allow-ffi`. */
export function libc(): Libc {
  if (Deno.build.os !== "linux") throw new Deno.errors.NotSupported("it needs Linux");
  return loaded ??= Deno.dlopen("libc.so.6", SYMBOLS).symbols;
}

/** The error number of the call just made. */
export function errno(): number {
  return new Deno.UnsafePointerView(libc().__errno_location()!).getInt32();
}

/** What an error number means: `connection refused`. */
export function errorText(number: number): string {
  return new Deno.UnsafePointerView(libc().strerror(number)!).getCString().toLowerCase();
}
