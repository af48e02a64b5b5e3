/** Serves local sessions, one after the other, and prints what the process has after some of them. */
import { serveLocal } from "@jumpstarter/exporter";
import { loadExporterFile } from "@jumpstarter/lib/config";
import { openFiles } from "./footprint.ts";
import { repeat, session } from "./session.ts";

const [file, ...counts] = Deno.args;
const plan = await loadExporterFile(file!);
const { gc } = globalThis as unknown as { gc(): void };

for (const count of counts) {
  await repeat(Number(count), async () => {
    await using served = await serveLocal(plan);
    await session({ kind: "unix", path: served.socket });
  });
  // What the last session has left goes in the next turns of the event loop.
  await new Promise((resolve) => setTimeout(resolve, 100));
  gc();
  const { heapUsed, rss } = Deno.memoryUsage();
  console.log(JSON.stringify({ heapUsed, rss, files: await openFiles(Deno.pid) }));
}
