import type { System } from "./system.ts";

/** The board's web page, on a port of its own while the system runs. */
export class WebServer implements AsyncDisposable {
  #stop: AbortController | undefined;
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;
  #stopped: Promise<void> = Promise.resolve();

  /** The port, while there is one. */
  get port(): number | undefined {
    return this.#server?.addr.port;
  }

  start(system: System): void {
    this.#stop = new AbortController();
    this.#server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      signal: this.#stop.signal,
      onListen() {},
    }, (request) => answer(system, new URL(request.url).pathname));
  }

  /** Cuts it off; connections under way break. */
  stop(): void {
    const { finished } = this.#server ?? {};
    if (finished !== undefined) this.#stopped = this.#stopped.then(() => finished);
    this.#stop?.abort();
    this.#stop = undefined;
    this.#server = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.#stopped;
  }
}

const pages: Record<string, (system: System) => Response> = {
  "/": (system) =>
    new Response(page(system), { headers: { "content-type": "text/html; charset=utf-8" } }),
  "/health": (system) => Response.json({ ...facts(system), status: "ok" }),
};

function answer(system: System, path: string): Response {
  return Object.hasOwn(pages, path)
    ? pages[path]!(system)
    : new Response("not found\n", { status: 404 });
}

function facts({ hostname, image, uptime }: System): Record<string, string | number> {
  return {
    hostname,
    version: image.version ?? "no version line",
    uptime: Math.floor(uptime),
    size: image.size,
    sha256: image.sha256,
  };
}

function page(system: System): string {
  const rows = Object.entries(facts(system)).map(([name, value]) =>
    `<tr><th>${name}</th><td>${escaped(String(value))}</td></tr>`
  );
  const title = `${system.hostname}: ${system.image.version ?? "no version line"}`;
  return `<!doctype html><title>${escaped(title)}</title><table>${rows.join("")}</table>\n`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
