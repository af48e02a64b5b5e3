/** A private folder for sockets, and what belongs to them; removed with everything in it. */
export class SocketDir implements AsyncDisposable {
  /** Absolute path of the folder. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes `jumpstarter-…` in `$XDG_RUNTIME_DIR`, or else in the system's temp folder; mode 0700. */
  static async make(): Promise<SocketDir> {
    const path = await makeDir(Deno.env.get("XDG_RUNTIME_DIR"));
    await Deno.chmod(path, 0o700);
    return new SocketDir(path);
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
    }
  }
}

async function makeDir(runtime: string | undefined): Promise<string> {
  const prefix = "jumpstarter-";
  if (runtime?.startsWith("/")) {
    try {
      return await Deno.makeTempDir({ dir: runtime, prefix });
    } catch (error) {
      // A runtime folder that is named but not there is common outside a login.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return await Deno.makeTempDir({ prefix });
}
