/** Two terminals joined back to back: what is written to one is read from the other. */
export interface PtyPair extends AsyncDisposable {
  readonly left: string;
  readonly right: string;
  /** Takes both away, as if they were unplugged. */
  unplug(): Promise<void>;
}

/** Whether `socat`, which makes the terminals, is installed. */
export const hasSocat: boolean = await isInstalled("socat");

/** Makes a pair of raw terminals. */
export async function ptyPair(): Promise<PtyPair> {
  const directory = await Deno.makeTempDir({ prefix: "pty-" });
  const left = `${directory}/left`;
  const right = `${directory}/right`;
  const socat = new Deno.Command("socat", {
    args: ["-d", "-d", `pty,raw,echo=0,link=${left}`, `pty,raw,echo=0,link=${right}`],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const log = socat.stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let seen = ""; !seen.includes("starting data transfer loop");) {
    const { value, done } = await log.read();
    if (done) throw new Error(`socat did not start: ${seen}`);
    seen += value;
  }
  const unplug = async () => {
    try {
      socat.kill("SIGTERM");
    } catch {
      // It has ended already.
    }
    await socat.status;
  };
  return {
    left,
    right,
    unplug,
    async [Symbol.asyncDispose]() {
      await unplug();
      await log.cancel();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

async function isInstalled(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: ["-V"], stdout: "null", stderr: "null" }).output();
    return true;
  } catch {
    return false;
  }
}
