/** Other names of commands, by their full name; for groups that take them. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  create: ["c"],
  get: ["g"],
  delete: ["del", "d"],
  shell: ["sh", "s"],
  admin: ["a"],
  config: ["conf"],
  version: ["ver", "v"],
  import: ["i"],
  list: ["ls"],
  client: ["clients", "c"],
  exporter: ["exporters", "e"],
  exporters: ["exporter"],
  lease: ["leases", "l"],
  leases: ["lease"],
  policy: ["policies", "p"],
  cluster: ["clusters"],
  clusters: ["cluster"],
};

/** The names among `names` that have the alias. */
export function namesFor(alias: string, names: readonly string[]): string[] {
  return names.filter((name) => Object.hasOwn(ALIASES, name) && ALIASES[name]!.includes(alias));
}
