/** A controller that runs out of file descriptors, and has some again. */
import { verified } from "../support/certificate.ts";
import { controllerCommand, tempDir } from "../support/programs.ts";
import { start, until, within } from "../support/running.ts";

/** File descriptors that the controller may have: a few more than it begins with. */
const LIMIT = 64;
const LISTENERS = ["listen", "router-listen", "admin-listen"] as const;
/** How long it may be deaf, milliseconds, on a machine that is busy. */
const DEAF = 90_000;

async function openDescriptors(pid: number): Promise<number> {
  return (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length;
}

Deno.test("a controller that had no descriptor left takes connections again, on every port", async () => {
  await using dir = await tempDir();
  const data = `${dir.path}/lab`;
  const ports = LISTENERS.flatMap((name) => [`--${name}`, "127.0.0.1:0"]);
  const command = controllerCommand("run", "--data", data, "--host", "127.0.0.1", ...ports);
  await using controller = start(["sh", "-c", `ulimit -n ${LIMIT}; exec "$@"`, "sh", ...command]);
  const [, endpoint] = await controller.shown(/^Endpoint: +(\S+)$/m);
  const [, router] = await controller.shown(/^Router: +(\S+)$/m);
  await controller.shown(/^Next: /m);
  const kubeconfig = await Deno.readTextFile(`${data}/kubeconfig`);
  const [, admin] = /server: "?https:\/\/([\d.:]+)/.exec(kubeconfig)!;
  const endpoints = [endpoint!, router!, admin!];
  const ca = await Deno.readTextFile(`${data}/ca.pem`);

  {
    await using crowd = new AsyncDisposableStack();
    // The system takes them all, and the controller as many as it has descriptors for.
    for (const at of endpoints) {
      const { hostname, port } = new URL(`https://${at}`);
      for (let index = 0; index < LIMIT; index++) {
        crowd.use(await Deno.connect({ hostname, port: Number(port) }));
      }
    }
    await until("none is left", async () => await openDescriptors(controller.pid) >= LIMIT - 1);
  }
  for (const at of endpoints) {
    await until(
      `${at} takes connections`,
      () => within(1_000, verified(at, ca)).then(() => true, () => false),
      DEAF,
    );
  }
});
