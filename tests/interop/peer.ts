/** The Python peer, in a virtual environment of its own outside the repository. */
import { mustRun } from "../support/programs.ts";

const VERSION = "0.9.0";
const PACKAGES = [
  "jumpstarter-cli",
  "jumpstarter-driver-power",
  "jumpstarter-driver-composite",
  "jumpstarter-driver-network",
  "jumpstarter-driver-opendal",
  "jumpstarter-driver-pyserial",
  "jumpstarter-driver-shell",
  "jumpstarter-testing",
].map((name) => `${name}==${VERSION}`).concat("grpcio-reflection<2");

/** Paths of the peer's programs. */
export interface Peer {
  readonly jmp: string;
  readonly j: string;
  readonly python: string;
  readonly pytest: string;
}

let installed: Promise<Peer> | undefined;

/** The peer; it is installed when it is not there yet. */
export function peer(): Promise<Peer> {
  return installed ??= install();
}

async function install(): Promise<Peer> {
  // An empty variable counts as none, by the rules of XDG.
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") || "/tmp"}/.cache`;
  const venv = `${cache}/jumpstarter-interop-${VERSION}`;
  await Deno.mkdir(cache, { recursive: true });
  // Of two runs at once, the second waits for what the first installs.
  using lock = await Deno.open(`${venv}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (!await isComplete(venv)) {
    console.error(`installing the Python peer ${VERSION}; this takes about half a minute`);
    // Not cleared: another checkout, which wants other packages, may be at work with what is there.
    await mustRun("python3", "-m", "venv", venv);
    await mustRun(
      `${venv}/bin/pip`,
      "install",
      "--quiet",
      "--disable-pip-version-check",
      ...PACKAGES,
    );
    await Deno.writeTextFile(marker(venv), wanted);
  }
  const bin = `${venv}/bin`;
  return {
    jmp: `${bin}/jmp`,
    j: `${bin}/j`,
    python: `${bin}/python`,
    pytest: `${bin}/pytest`,
  };
}

const wanted = PACKAGES.join("\n");
const marker = (venv: string) => `${venv}/complete`;

/** Whether an installation has come to its end, with the packages that are wanted now. */
async function isComplete(venv: string): Promise<boolean> {
  try {
    return await Deno.readTextFile(marker(venv)) === wanted;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
