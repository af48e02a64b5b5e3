import { resolve } from "node:path";
import { optional, path, seconds, text } from "@jumpstarter/lib/commands";
import { ConfigError, UsageError } from "@jumpstarter/lib/errors";
import { aborted, type CliCommand, cliCommand, EXIT, logOptions } from "@jumpstarter/lib/program";
import { systemReason } from "@jumpstarter/lib/streams";
import { parseAddress } from "./addresses.ts";
import type { RouterFile } from "./control/mod.ts";

/** What a router takes beyond its drain to end, ms. */
const CLOSE_TIME = 3_000;

/** `jmp-controller router`. */
export const routerCommand: CliCommand = cliCommand({
  does: "Run a router alone until told to end",
  arguments: {
    file: optional(
      path("what jmp-controller router-file has written; the environment says it otherwise"),
    ),
  },
  options: {
    listen: optional(text("where it listens; as its file says unless given", "HOST:PORT")),
    drain: seconds(5, "how long open tunnels may go on after a signal; a second one ends them"),
    ...logOptions,
  },
  cancelled: EXIT.OK,
  async run({ file, listen, drain, logFormat, logLevel }, io, ending) {
    const { LoneRouter, parseRouterFile } = await import("./control/mod.ts");
    const { logWriter } = await import("./services/mod.ts");
    const log = logWriter({ note: (line) => io.note(line), format: logFormat, level: logLevel });
    const settings = file === undefined
      ? await fromEnvironment()
      : await parseRouterFile(file, await readFile(resolve(io.cwd, file)));
    const { endpoint, controller, key, tls } = settings;
    await using stack = new AsyncDisposableStack();
    const router = await LoneRouter.start({
      listen: parseAddress("listen", listen ?? settings.listen),
      host: parseAddress("endpoint", endpoint).hostname,
      key,
      identity: tls,
      controller: controller === undefined ? undefined : {
        endpoint: parseAddress("controller", controller),
        ca: tls.ca,
      },
      log,
    });
    stack.use(router);
    await io.print(`Router:     ${router.endpoint}`);
    await io.print(`Controller: ${controller ?? "none; tunnels are not cut with their lease"}`);
    ending.postpone(drain + CLOSE_TIME);
    await aborted(io.signal);
    if (router.tunnels > 0) {
      log("INFO", "tunnels go on for a while", { tunnels: router.tunnels, seconds: drain / 1_000 });
    }
    await Promise.race([router.close(drain), aborted(ending.insisted)]);
  },
});

type Settings = Omit<RouterFile, "controller" | "tls"> & {
  readonly controller?: string;
  readonly tls: { readonly cert: string; readonly key: string; readonly ca?: string };
};

async function readFile(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch((cause) => {
    throw new ConfigError(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
}

/** As the router of the Go service is told. */
async function fromEnvironment(): Promise<Settings> {
  const key = Deno.env.get("ROUTER_KEY");
  const [cert, certKey] = ["EXTERNAL_CERT_PEM", "EXTERNAL_KEY_PEM"].map((name) =>
    Deno.env.get(name)
  );
  const endpoint = Deno.env.get("GRPC_ROUTER_ENDPOINT") ?? "localhost:8083";
  if (!key || !cert || !certKey) {
    throw new UsageError(
      "name the file that jmp-controller router-file has written, or set ROUTER_KEY, " +
        "EXTERNAL_CERT_PEM and EXTERNAL_KEY_PEM",
    );
  }
  return {
    endpoint,
    listen: "0.0.0.0:8083",
    key,
    tls: { cert: await readFile(cert), key: await readFile(certKey) },
  };
}
