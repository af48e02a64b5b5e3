import config from "../../deno.json" with { type: "json" };
import { fileURLToPath } from "node:url";

/** The schema library that our drivers use; any Standard Schema library is good. */
const VALIBOT = "npm:valibot@^1.5.0";

/**
 * The `deno.json` of a new driver: our packages by name, in the version of this program. A clone of
 * the repository stands in for them when it is what runs, since it may be ahead of what is published.
 */
export function settings(clone: string | undefined): string {
  const ours = (name: string) => `jsr:@jumpstarter/${name}@^${config.version}`;
  const content = {
    imports: {
      "@jumpstarter/drivers": ours("drivers"),
      "@jumpstarter/exporter": ours("exporter"),
      "@jumpstarter/lib": ours("lib"),
      valibot: VALIBOT,
    },
    ...(clone === undefined ? {} : { links: [clone] }),
    tasks: {
      jmp: `deno run -A ${ours("cli")}`,
      test: "deno test --allow-read --allow-write --allow-env --allow-net",
    },
    fmt: { lineWidth: 100 },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** The folder of the clone that this program runs from, if it does. */
export function runningClone(): string | undefined {
  const isClone = import.meta.url.startsWith("file:") && !Deno.build.standalone;
  return isClone
    ? fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "")
    : undefined;
}
