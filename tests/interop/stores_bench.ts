/** A bench of storages of every kind but `fs`, which has the bench of all drivers. */
import { types, writeExporter } from "../support/exporter_file.ts";
import { tempDir } from "../support/programs.ts";
import type { Bench } from "./bench.ts";
import { openS3 } from "./s3_server.ts";

/** What the web server has under `/file`, and behind `/moved`. */
export const SERVED = "0123456789, an image behind a URL";

/** Starts a web server and an S3 service, and writes the exporter file. */
export async function openStores(): Promise<Bench> {
  await using stack = new AsyncDisposableStack();
  const { path: dir } = stack.use(await tempDir());
  const s3 = stack.use(await openS3(`${dir}/s3`));
  const web = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, serveFile);
  stack.use(web);
  const url = `http://127.0.0.1:${web.addr.port}`;
  const kwargs = { ...s3.kwargs, root: "/below/" };
  const storage = (scheme: string, kwargs: Record<string, string>) => ({
    type: types.opendal,
    config: { scheme, kwargs },
  });
  const file = await writeExporter(dir, {
    memory: storage("memory", {}),
    bucket: storage("s3", kwargs),
    web: storage("http", { endpoint: `${url}/base` }),
  });
  const held = stack.move();
  return {
    file,
    dir,
    env: { INTEROP_DIR: dir, INTEROP_URL: `${url}/base/file`, INTEROP_S3: JSON.stringify(kwargs) },
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** Answers as a web server for static files does, ranges included. */
function serveFile(request: Request): Response {
  const { pathname } = new URL(request.url);
  if (pathname === "/base/moved") {
    return new Response(null, { status: 302, headers: { location: "/base/file" } });
  }
  if (pathname !== "/base/file") return new Response("no", { status: 404 });
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  const [from, to] = [Number(range?.[1] ?? 0), Number(range?.[2] || SERVED.length - 1)];
  const body = SERVED.slice(from, to + 1);
  return new Response(request.method === "HEAD" ? null : body, {
    status: range === null ? 200 : 206,
    headers: {
      "content-length": String(body.length),
      "content-type": "text/plain",
      ...(range === null ? {} : { "content-range": `bytes ${from}-${to}/${SERVED.length}` }),
    },
  });
}
