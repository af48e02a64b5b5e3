/** The functions that tell of errors. */
const ERRORS = {
  __errno_location: { parameters: [], result: "pointer" },
  strerror: { parameters: ["i32"], result: "pointer" },
} as const;

/** Error numbers that ask for another try. */
export const EINTR = 4;
export const EAGAIN = 11;

let errors: Deno.DynamicLibrary<typeof ERRORS>["symbols"] | undefined;

/**
 * A function that gives functions of the C library, which is loaded at the first use and stays loaded.
 * It needs `--allow-ffi`, and fails with `NotSupported` where there is no Linux; `refusal` says so.
 */
export function libcOf<const Symbols extends Deno.ForeignLibraryInterface>(
  symbols: Symbols,
  refusal: string,
): () => Deno.DynamicLibrary<Symbols>["symbols"] {
  let loaded: Deno.DynamicLibrary<Symbols>["symbols"] | undefined;
  return () => {
    if (Deno.build.os !== "linux") throw new Deno.errors.NotSupported(refusal);
    // Together: loading it after a call would change the error number of that.
    errors ??= load(ERRORS);
    return loaded ??= load(symbols);
  };
}

/** The error number of the call just made. */
export function errno(): number {
  return new Deno.UnsafePointerView(errors!.__errno_location()!).getInt32();
}

/** What an error number means: `connection refused`. Only once there has been a call. */
export function errorText(number: number): string {
  return new Deno.UnsafePointerView(errors!.strerror(number)!).getCString().toLowerCase();
}

function load<Symbols extends Deno.ForeignLibraryInterface>(
  symbols: Symbols,
): Deno.DynamicLibrary<Symbols>["symbols"] {
  return Deno.dlopen("libc.so.6", symbols).symbols;
}
