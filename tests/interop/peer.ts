/** The Python peer, in a virtual environment of its own outside the repository. */
import { mustRun } from "../support/programs.ts";

/** A version that tests are made with. */
export type PeerVersion = keyof typeof PACKAGES;

/** What is installed of each version: of the older one, what makes a lab. */
const PACKAGES = {
  "0.9.0": [
    "jumpstarter-cli",
    "jumpstarter-driver-power",
    "jumpstarter-driver-composite",
    "jumpstarter-driver-network",
    "jumpstarter-driver-opendal",
    "jumpstarter-driver-pyserial",
    "jumpstarter-driver-shell",
    "jumpstarter-testing",
    "grpcio-reflection<2",
  ],
  "0.7.4": ["jumpstarter-cli", "jumpstarter-driver-power", "jumpstarter-driver-composite"],
} as const;

/** Paths of the peer's programs. */
export interface Peer {
  readonly jmp: string;
  readonly j: string;
  readonly python: string;
  readonly pytest: string;
}

const installed = new Map<PeerVersion, Promise<Peer>>();

/** The peer; it is installed when it is not there yet. */
export function peer(version: PeerVersion = "0.9.0"): Promise<Peer> {
  const known = installed.get(version) ?? install(version);
  installed.set(version, known);
  return known;
}

async function install(version: PeerVersion): Promise<Peer> {
  // An empty variable counts as none, by the rules of XDG.
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") || "/tmp"}/.cache`;
  const venv = `${cache}/jumpstarter-interop-${version}`;
  const packages = PACKAGES[version].map((name) =>
    name.startsWith("jumpstarter-") ? `${name}==${version}` : name
  );
  const wanted = packages.join("\n");
  await Deno.mkdir(cache, { recursive: true });
  // Of two runs at once, the second waits for what the first installs.
  using lock = await Deno.open(`${venv}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (await installedIn(venv) !== wanted) {
    console.error(`installing the Python peer ${version}; this takes about half a minute`);
    // Not cleared: another checkout, which wants other packages, may be at work with what is there.
    await mustRun("python3", "-m", "venv", venv);
    await mustRun(
      `${venv}/bin/pip`,
      "install",
      "--quiet",
      "--disable-pip-version-check",
      ...packages,
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

const marker = (venv: string) => `${venv}/complete`;

/** The packages of an installation that has come to its end. */
async function installedIn(venv: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(marker(venv));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
