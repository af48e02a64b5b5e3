import type { AllowList } from "@jumpstarter/lib/client";
import { cut, hanging } from "@jumpstarter/lib/program";
import { type Group, groupOf } from "./group.ts";

/** Commands that are named beside a node; the node's own help has them all. */
const MOST_SHOWN = 6;

/** The help of one group: its commands and the groups below it. */
export async function groupHelp(
  group: Group,
  path: string,
  allowed: AllowList,
  columns: number | undefined,
): Promise<string> {
  const { node } = group;
  const rows: [string, string][] = Object.entries(group.commands).map((
    [name, command],
  ) => [name, node.methodsDescription[name] ?? command.does]);
  for (const [name, child] of group.children) {
    rows.push([name, about(await groupOf(child, allowed))]);
  }
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return [
    `usage: ${path} <command> …`,
    "",
    ...(node.description ? [node.description, ""] : []),
    ...(rows.length === 0 ? ["It has no commands."] : ["commands:"]),
    ...rows.map(([name, does]) => hanging(`  ${name.padEnd(width)}  `, does, columns)),
  ].join("\n");
}

/** The board as a tree: what there is, and what each node can do. */
export async function treeHelp(
  root: Group,
  allowed: AllowList,
  columns: number | undefined,
): Promise<string> {
  const lines = [
    "usage: j <name> … <command> …",
    "",
    ...(root.node.description ? [root.node.description, ""] : []),
  ];
  const rows = await branches(root, allowed, "");
  const width = Math.max(0, ...rows.map(([branch]) => branch.length));
  lines.push(
    ...rows.map(([branch, does]) => cut(`${branch.padEnd(width)}  ${does}`.trimEnd(), columns)),
  );
  lines.push("", '"j <name> --help" tells more about one.');
  return lines.join("\n");
}

async function branches(
  group: Group,
  allowed: AllowList,
  indent: string,
): Promise<[string, string][]> {
  const rows: [string, string][] = [];
  const children = [...group.children];
  for (const [index, [name, node]] of children.entries()) {
    const isLast = index === children.length - 1;
    const child = await groupOf(node, allowed);
    rows.push([`${indent}${isLast ? "└─ " : "├─ "}${name}`, about(child)]);
    rows.push(...await branches(child, allowed, `${indent}${isLast ? "   " : "│  "}`));
  }
  return rows;
}

/** What a node is for: its description, or else its commands. */
export function about(group: Group): string {
  const names = Object.keys(group.commands);
  const shown = names.length > MOST_SHOWN ? [...names.slice(0, MOST_SHOWN - 1), "…"] : names;
  return [group.node.description, shown.join(" ")].filter(Boolean).join(": ");
}
