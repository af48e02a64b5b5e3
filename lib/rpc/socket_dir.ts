import { atExit } from "../program/at_exit.ts";
import { removeStaleDirs, takeLock } from "./stale_dirs.ts";

const PREFIX = "jumpstarter-";

/**
 * A private folder for sockets, and what belongs to them; removed with everything in it. Folders of
 * processes that were killed are removed when the next one is made beside them.
 */
export class SocketDir implements AsyncDisposable {
  /** Absolute path of the folder. */
  readonly path: string;
  #lock: Disposable | undefined;
  #atExit: Disposable;

  private constructor(path: string, lock: Disposable | undefined) {
    this.path = path;
    this.#lock = lock;
    this.#atExit = atExit(() => {
      try {
        Deno.removeSync(path, { recursive: true });
      } catch {
        // The next one to make a folder beside it removes it.
      }
    });
  }

  /** Makes `jumpstarter-…` in `$XDG_RUNTIME_DIR`, or else in the system's temp folder; mode 0700. */
  static async make(): Promise<SocketDir> {
    const path = await makeDir(Deno.env.get("XDG_RUNTIME_DIR"));
    try {
      await Deno.chmod(path, 0o700);
      const dir = new SocketDir(path, await takeLock(path));
      await removeStaleDirs(path, PREFIX);
      return dir;
    } catch (error) {
      await Deno.remove(path, { recursive: true }).catch(() => {}); // what failed first is told
      throw error;
    }
  }

  /** The path of a file in the folder. */
  file(name: string): string {
    return `${this.path}/${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await Deno.remove(this.path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    } finally {
      this.#atExit[Symbol.dispose]();
      this.#lock?.[Symbol.dispose]();
      this.#lock = undefined;
    }
  }
}

async function makeDir(runtime: string | undefined): Promise<string> {
  if (runtime?.startsWith("/")) {
    try {
      return await Deno.makeTempDir({ dir: runtime, prefix: PREFIX });
    } catch (error) {
      // Outside a login one is often named that is not there, or that of who was logged in before.
      const { NotFound, PermissionDenied } = Deno.errors;
      if (!(error instanceof NotFound || error instanceof PermissionDenied)) throw error;
    }
  }
  return await Deno.makeTempDir({ prefix: PREFIX });
}
