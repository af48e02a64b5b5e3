import { exporterCommand } from "./programs.ts";

/** An exporter in a process of its own. */
export interface ExporterProcess extends AsyncDisposable {
  /** The value of `JUMPSTARTER_HOST`. */
  readonly host: string;
  readonly child: Deno.ChildProcess;
}

/** Starts `jmp-exporter` on a socket in `dir`; it serves when this settles. */
export async function startExporter(dir: string, file: string): Promise<ExporterProcess> {
  const host = `${dir}/exporter.sock`;
  const [program, ...args] = exporterCommand(
    "run",
    "-q",
    "--exporter-config",
    file,
    "--socket",
    host,
  );
  const child = new Deno.Command(program, { args, stdout: "piped", stderr: "inherit" }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; !text.includes("JUMPSTARTER_HOST=");) {
    const { value, done } = await output.read();
    if (done) throw new Error("the exporter has ended before it served");
    text += value;
  }
  return {
    host,
    child,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGTERM");
      } catch {
        // The test has ended it already.
      }
      await child.status;
      await output.cancel();
    },
  };
}

/** A running program whose output can be waited for. */
export class Running implements AsyncDisposable {
  readonly child: Deno.ChildProcess;
  #output: ReadableStreamDefaultReader<string>;
  #errors: Promise<string>;
  #text = "";

  /** Starts it with its standard input piped. */
  constructor(
    [program, ...args]: readonly [string, ...string[]],
    env: Record<string, string> = {},
  ) {
    this.child = new Deno.Command(program, {
      args,
      env: { NO_COLOR: "1", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#output = this.child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = new Response(this.child.stderr).text();
  }

  /** What it has printed, once that matches. */
  async printed(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#text)) {
      const { value, done } = await this.#output.read();
      if (done) throw new Error(`it ended after: ${this.#text}${await this.#errors}`);
      this.#text += value;
    }
    return this.#text;
  }

  /** Its exit status and what it said on standard error; fails when it does not end in time. */
  async ended(within: number): Promise<{ status: number; stderr: string }> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.child.kill("SIGKILL");
        reject(new Error(`it does not end within ${within} ms`));
      }, within);
    });
    try {
      const { code } = await Promise.race([this.child.status, late]);
      return { status: code, stderr: await this.#errors };
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.child.status;
    await this.child.stdin.close().catch(() => {});
    await this.#output.cancel();
    await this.#errors;
  }
}

/** Memory that a process holds, bytes. */
export async function residentSize(pid: number): Promise<number> {
  const [, pages] = (await Deno.readTextFile(`/proc/${pid}/statm`)).split(" ");
  return Number(pages) * 4096;
}
