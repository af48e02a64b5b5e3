/** A private folder for a session's sockets and helpers; removed with everything in it. */
export class SocketDir implements AsyncDisposable {
  /** Absolute path of the folder. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes `jumpstarter-…` in `$XDG_RUNTIME_DIR`, or else in the system's temp folder; mode 0700. */
  static async make(): Promise<SocketDir> {
    const runtime = Deno.env.get("XDG_RUNTIME_DIR");
    const place = runtime?.startsWith("/") ? { dir: runtime } : {};
    const path = await Deno.makeTempDir({ ...place, prefix: "jumpstarter-" });
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
