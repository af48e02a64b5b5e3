/** The Python peer, in a virtual environment of its own outside the repository. */

const VERSION = "0.9.0";
const PACKAGES = [
  "jumpstarter-cli",
  "jumpstarter-driver-power",
  "jumpstarter-driver-composite",
  "jumpstarter-driver-network",
  "jumpstarter-driver-opendal",
  "jumpstarter-driver-pyserial",
].map((name) => `${name}==${VERSION}`);

/** Paths of the peer's programs. */
export interface Peer {
  readonly jmp: string;
  readonly j: string;
  readonly python: string;
}

let installed: Promise<Peer> | undefined;

/** The peer; it is installed when it is not there yet. */
export function peer(): Promise<Peer> {
  return installed ??= install();
}

async function install(): Promise<Peer> {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "/tmp"}/.cache`;
  const venv = `${cache}/jumpstarter-interop-${VERSION}`;
  const marker = `${venv}/complete`;
  if (!await isThere(marker)) {
    console.error(`installing the Python peer ${VERSION}; this takes about half a minute`);
    await run("python3", "-m", "venv", "--clear", venv);
    await run(`${venv}/bin/pip`, "install", "--quiet", "--disable-pip-version-check", ...PACKAGES);
    await Deno.writeTextFile(marker, PACKAGES.join("\n"));
  }
  const bin = `${venv}/bin`;
  return { jmp: `${bin}/jmp`, j: `${bin}/j`, python: `${bin}/python` };
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { success } = await new Deno.Command(program, { args, stdout: "null" }).output();
  if (!success) throw new Error(`${program} ${args.join(" ")} failed`);
}
