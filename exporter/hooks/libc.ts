import { JumpstarterError } from "@jumpstarter/lib/errors";

/** What differs between the systems' C libraries. */
interface System {
  readonly library: string;
  readonly errno: string;
  readonly O_NOCTTY: number;
  readonly O_CLOEXEC: number;
  readonly POSIX_SPAWN_SETSID: number;
}

const SYSTEMS: Partial<Record<typeof Deno.build.os, System>> = {
  linux: {
    library: "libc.so.6",
    errno: "__errno_location",
    O_NOCTTY: 0o400,
    O_CLOEXEC: 0o2000000,
    POSIX_SPAWN_SETSID: 0x80,
  },
  darwin: {
    library: "libSystem.B.dylib",
    errno: "__error",
    O_NOCTTY: 0x20000,
    O_CLOEXEC: 0x1000000,
    POSIX_SPAWN_SETSID: 0x400,
  },
};

// Only functions with a fixed number of arguments: others have a calling convention of their own.
const symbols = (errno: string) => ({
  posix_openpt: { parameters: ["i32"], result: "i32" },
  grantpt: { parameters: ["i32"], result: "i32" },
  unlockpt: { parameters: ["i32"], result: "i32" },
  ptsname: { parameters: ["i32"], result: "pointer" },
  poll: { parameters: ["buffer", "usize", "i32"], result: "i32", nonblocking: true },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
  posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_addopen: {
    parameters: ["buffer", "i32", "buffer", "i32", "u32"],
    result: "i32",
  },
  posix_spawn_file_actions_adddup2: { parameters: ["buffer", "i32", "i32"], result: "i32" },
  posix_spawn_file_actions_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_setflags: { parameters: ["buffer", "i16"], result: "i32" },
  posix_spawnattr_setsigmask: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawnattr_setsigdefault: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawnattr_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawnp: {
    parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32", nonblocking: true },
  kill: { parameters: ["i32", "i32"], result: "i32" },
  strerror: { parameters: ["i32"], result: "pointer" },
  errno: { name: errno, parameters: [], result: "pointer" },
} as const);

/** What hooks need of the C library and Deno does not offer. */
export type Libc =
  & Deno.DynamicLibrary<ReturnType<typeof symbols>>["symbols"]
  & Omit<System, "library" | "errno">;

let loaded: Libc | undefined;

/** Loads the C library at the first use; stays loaded. Needs `--allow-ffi`. */
export function libc(): Libc {
  if (loaded !== undefined) return loaded;
  const system = SYSTEMS[Deno.build.os];
  if (system === undefined) {
    throw new JumpstarterError("hook", `hooks run on Linux and macOS, not on ${Deno.build.os}`);
  }
  const { symbols: functions } = Deno.dlopen(system.library, symbols(system.errno));
  return loaded = { ...functions, ...system, errno: functions.errno };
}

/** What an error number means, in lower case: `no such file or directory`. */
export function errorText(number: number): string {
  return new Deno.UnsafePointerView(libc().strerror(number)!).getCString().toLowerCase();
}

/** What the call just made failed with. */
export function lastError(): string {
  return errorText(new Deno.UnsafePointerView(libc().errno()!).getInt32());
}

/** A text for a C function. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/**
 * Texts as a C array of pointers that ends with a null pointer. The texts stand behind the pointers in
 * the same memory, so that whoever holds the array holds them as well.
 */
export function cStrings(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  const content = new TextEncoder().encode(texts.map((text) => `${text}\0`).join(""));
  const start = (texts.length + 1) * 8;
  const memory = new Uint8Array(new ArrayBuffer(start + content.length));
  memory.set(content, start);
  const base = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(memory))) + BigInt(start);
  const pointers = new BigUint64Array(memory.buffer, 0, texts.length);
  let offset = 0;
  for (const index of texts.keys()) {
    pointers[index] = base + BigInt(offset);
    offset = content.indexOf(0, offset) + 1;
  }
  return memory;
}
