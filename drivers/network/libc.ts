import { libcOf } from "../libc.ts";

const SYMBOLS = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32", nonblocking: true },
} as const;

/** The functions of the C library for sockets of a kind that Deno does not have. */
export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** Loads the C library at the first use; stays loaded. Needs `--allow-ffi`. */
export const libc: () => Libc = libcOf(SYMBOLS, "it needs Linux");
