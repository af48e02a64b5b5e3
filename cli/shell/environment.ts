/** The variables that a local session adds to its child's environment. */
export function childEnvironment(socket: string, bin: string): Record<string, string> {
  return {
    JUMPSTARTER_HOST: socket,
    JMP_DRIVERS_ALLOW: "UNSAFE",
    // Python's clients would warn of drivers whose packages are not installed.
    _JMP_SUPPRESS_DRIVER_WARNINGS: "1",
    PATH: `${bin}:${Deno.env.get("PATH") ?? "/usr/bin:/bin"}`,
  };
}
