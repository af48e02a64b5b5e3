/** A hook as an exporter file has it. */
export interface HookEntry {
  readonly script: string;
  readonly exec?: string;
  readonly timeout: number;
  readonly onFailure?: "warn" | "endLease" | "exit";
}

/** A hook that has twenty seconds. */
export function hook(script: string, more: Partial<HookEntry> = {}): HookEntry {
  return { script, timeout: 20, ...more };
}

/** A script that goes on once a file is there. */
export function waitsFor(file: string): string {
  return `until test -e '${file}'; do sleep 0.05; done`;
}

/** Hooks of both kinds of files, for both exporters; they call drivers with Python's programs. */
export async function fileHooks(dir: string): Promise<Record<string, HookEntry>> {
  const [before, after] = [`${dir}/before lease.sh`, `${dir}/after.py`];
  await Deno.writeTextFile(
    before,
    `echo "$LEASE_NAME|$CLIENT_NAME|$JMP_DRIVERS_ALLOW|$TERM|$(env | grep -c ^PS1=)"
    test -n "$JMP_MOTD_FILE" && echo "on loan to Anna" >"$JMP_MOTD_FILE"
    j power on && echo prepared >&2`,
  );
  await Deno.writeTextFile(
    after,
    `from jumpstarter.utils.env import env

with env() as board:
    board.power.off()
print("cleaned")`,
  );
  return { beforeLease: hook(before), afterLease: hook(after) };
}

/** What the first of {@linkcode fileHooks} says. */
export const TOLD = /standalone\|\|UNSAFE\|dumb\|0$/m;

/** Hooks in languages that they name. */
export const namedHooks: Readonly<Record<string, HookEntry>> = {
  beforeLease: hook('a=(b c); echo "bash ${#a[@]}"', { exec: "bash" }),
  afterLease: hook("import sys\nprint('python', sys.version_info[0])", { exec: "python3" }),
};
