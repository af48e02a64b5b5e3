import { normalizePath, outside } from "./store_path.ts";

/** Paths inside one folder: nothing outside it is ever reached, not by `..`, not by a link. */
export class FsPaths {
  #root: string;

  /** `root` is made when it is missing. */
  constructor(root: string) {
    Deno.mkdirSync(root, { recursive: true });
    this.#root = Deno.realPathSync(root);
  }

  /** The absolute path on this machine; fails when it leads outside the root. */
  async resolve(path: string): Promise<string> {
    const normal = normalizePath(path);
    const absolute = normal === "" ? this.#root : `${this.#root}/${normal}`;
    const real = await realPath(absolute);
    if (real !== this.#root && !real.startsWith(`${this.#root}/`)) throw outside(path);
    return absolute;
  }
}

/** Where a path really leads; of what does not exist yet, where its nearest folder leads. */
async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    // A dangling link exists, and writing to it would follow it.
    const isLink = await Deno.lstat(path).then((info) => info.isSymlink, () => false);
    if (isLink) throw outside(path);
    return await realPath(path.slice(0, path.lastIndexOf("/")));
  }
}

/** Whether a failure means that nothing is there, be it for a folder that is a file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
