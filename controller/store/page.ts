/** Lists in pages: what the next one begins with is told as opaque text. */
import { BadRequestError } from "./errors.ts";
import type { ObjectMeta, StoredObject } from "./objects.ts";
import type { ListOptions } from "./store.ts";

/** Where the page after an object begins. */
export function tokenOf({ namespace, name }: Pick<ObjectMeta, "namespace" | "name">): string {
  return new TextEncoder().encode(`${namespace}/${name}`).toBase64({ alphabet: "base64url" });
}

/** The namespace and name after which a page begins; throws {@linkcode BadRequestError}. */
export function positionOf(token: string | undefined): [namespace: string, name: string] {
  if (token === undefined || token === "") return ["", ""];
  try {
    const bytes = Uint8Array.fromBase64(token, { alphabet: "base64url" });
    const [namespace, name, more] = new TextDecoder().decode(bytes).split("/");
    if (namespace !== undefined && name !== undefined && more === undefined) {
      return [namespace, name];
    }
  } catch {
    // Said below.
  }
  throw new BadRequestError("continue key is not valid: it is not one that a list returned");
}

/** The page of objects of one namespace, in memory, that a list of the store would return. */
export function pageOf<T extends StoredObject>(
  objects: Iterable<T>,
  { limit = 0, continue: token }: Pick<ListOptions<T>, "limit" | "continue">,
): { readonly items: T[]; readonly continue?: string } {
  const [, after] = positionOf(token);
  const left = Array.from(objects)
    .filter(({ metadata }) => metadata.name > after)
    .sort((a, b) => a.metadata.name < b.metadata.name ? -1 : 1);
  if (limit === 0 || left.length <= limit) return { items: left };
  const items = left.slice(0, limit);
  return { items, continue: tokenOf(items.at(-1)!.metadata) };
}
