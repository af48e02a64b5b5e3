/**
 * Does something should the program be left at once, with `Deno.exit()`, before the result is disposed.
 * It cannot wait for anything, and must not fail.
 */
export function atExit(act: () => void): Disposable {
  globalThis.addEventListener("unload", act);
  return { [Symbol.dispose]: () => globalThis.removeEventListener("unload", act) };
}
