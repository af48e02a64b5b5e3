import type { DriverNames } from "../names.ts";

/** Makes the files of a new driver, text by file name. */
export type Template = (names: DriverNames) => Record<string, string>;

/** An exporter file with the driver in it. */
export function boardFile({ name, className, key }: DriverNames, config: string): string {
  return `apiVersion: jumpstarter.dev/v1alpha1
kind: ExporterConfig
metadata: { namespace: lab, name: ${name.toLowerCase().replaceAll("_", "-")} }
export:
  ${key}:
    type: ./driver.ts#${className}
    config: ${config}
`;
}

/** A page about the driver: what it does, and commands to try. */
export function readme(
  { name, className, key }: DriverNames,
  parts: { does: string; settings: string; commands: readonly string[] },
): string {
  const shell = "deno task -q jmp shell --exporter-config board.yaml";
  return `# ${name}

${parts.does}

\`\`\`yaml
export:
  ${key}:
    type: ./driver.ts#${className}
    config: ${parts.settings}
\`\`\`

\`\`\`sh
deno task test
${parts.commands.map((command) => `${shell} -- ${command}`).join("\n")}
\`\`\`

The tests need \`--allow-read\` and \`--allow-write\` for the exporter file and the session's sockets,
\`--allow-env\` and \`--allow-net\` for gRPC; \`deno task test\` has them. A driver that runs programs
needs \`--allow-run\`, too.

\`links\` in \`deno.json\`, where it is there, is a clone of Jumpstarter in place of its packages: take
it out once they are installed from JSR.
`;
}
