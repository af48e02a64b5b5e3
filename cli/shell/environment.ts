/** Variables by name; `undefined` takes one away that is there. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The environment of a shell's child: ours, with what tells of the session. */
export function childEnvironment(
  session: { host: string; bin: string; variables: Variables },
  own: Readonly<Record<string, string>> = Deno.env.toObject(),
): Record<string, string> {
  const variables = {
    ...own,
    ...WITHOUT_LEASE,
    JUMPSTARTER_HOST: session.host,
    JMP_DRIVERS_ALLOW: "UNSAFE",
    // Python's clients would warn of drivers whose packages are not installed.
    _JMP_SUPPRESS_DRIVER_WARNINGS: "1",
    PATH: `${session.bin}:${own.PATH ?? "/usr/bin:/bin"}`,
    ...session.variables,
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]]
    ),
  );
}

/** What a shell around ours tells of its own session. */
const WITHOUT_LEASE: Variables = {
  JMP_LEASE: undefined,
  JMP_EXPORTER: undefined,
  JMP_EXPORTER_LABELS: undefined,
  JMP_GRPC_PASSPHRASE: undefined,
};
