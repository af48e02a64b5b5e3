/** The entries that are there: leaves out what is `undefined`. */
export function present<T extends object>(
  entries: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const found = Object.entries(entries).filter(([, value]) => value !== undefined);
  return Object.fromEntries(found) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
