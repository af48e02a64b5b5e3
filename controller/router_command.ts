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
    const { FollowedFiles } = await import("./config/mod.ts");
    const { LoneRouter } = await import("./control/mod.ts");
    const { ExpiryWatch, logWriter } = await import("./services/mod.ts");
    const log = logWriter({ note: (line) => io.note(line), format: logFormat, level: logLevel });
    const source = file === undefined ? environment() : fileSource(file, resolve(io.cwd, file));
    const settings = await source.read();
    const { endpoint, controller, key } = settings;
    let { tls } = settings;
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
    const expiry = stack.use(new ExpiryWatch(() => tls.cert, log));
    stack.use(
      new FollowedFiles({
        paths: source.paths,
        async take() {
          ({ tls } = await source.read());
          router.useIdentity(tls);
          log("INFO", "certificate taken; all else takes a restart", { file: source.paths[0]! });
          expiry.look();
        },
        refused: ({ message }) => {
          log("ERROR", "certificate not taken, what was stays", { error: message });
        },
      }),
    );
    await io.print(`Router:     ${router.endpoint}`);
    await io.print(`Controller: ${controller ?? "none; tunnels are not cut with their lease"}`);
    await aborted(io.signal);
    ending.postpone(drain + CLOSE_TIME); // from now: it may have run for years
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

/** Where the settings of a router come from. */
interface Source {
  /** The files that its certificate is read from. */
  readonly paths: readonly string[];
  /** Reads all of it; throws a {@linkcode ConfigError} for what cannot be used. */
  read(): Promise<Settings>;
}

/** What `jmp-controller router-file` has written. */
function fileSource(name: string, path: string): Source {
  return {
    paths: [path],
    async read() {
      const { parseRouterFile } = await import("./control/mod.ts");
      const settings = await parseRouterFile(name, await readFile(path));
      return await checked(settings, { cert: name, key: `tls.key of ${name}` });
    },
  };
}

/** As the router of the Go service is told. */
function environment(): Source {
  const [key, cert, certKey] = ["ROUTER_KEY", "EXTERNAL_CERT_PEM", "EXTERNAL_KEY_PEM"]
    .map((name) => Deno.env.get(name));
  if (!key || !cert || !certKey) {
    throw new UsageError(
      "name the file that jmp-controller router-file has written, or set ROUTER_KEY, " +
        "EXTERNAL_CERT_PEM and EXTERNAL_KEY_PEM",
    );
  }
  return {
    paths: [cert, certKey],
    async read() {
      const settings = {
        endpoint: Deno.env.get("GRPC_ROUTER_ENDPOINT") ?? "localhost:8083",
        listen: "0.0.0.0:8083",
        key,
        tls: { cert: await readFile(cert), key: await readFile(certKey) },
      };
      return await checked(settings, { cert, key: certKey });
    },
  };
}

async function checked(
  settings: Settings,
  from: { readonly cert: string; readonly key: string },
): Promise<Settings> {
  const { checkCertificate } = await import("./services/mod.ts");
  checkCertificate(settings.tls, from);
  return settings;
}

async function readFile(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch((cause) => {
    throw new ConfigError(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
}
