/**
 * The command that runs a controller.
 *
 * @module
 */
import { flag, optional, path, seconds, text } from "@jumpstarter/lib/commands";
import { ConfigError, UsageError } from "@jumpstarter/lib/errors";
import { aborted, type CliCommand, cliCommand, EXIT, logOptions } from "@jumpstarter/lib/program";
import { DEFAULTS, runSettings } from "./run_settings.ts";
import type { ControllerOptions, RunningController } from "./services/mod.ts";

const ADDRESS = "HOST:PORT";
/** What a controller has to end after a signal, in ms: open calls get a second. */
const CLOSE_TIME = 5_000;

/** `jmp-controller run`. */
export function runCommand(): CliCommand {
  return cliCommand({
    does: "Serve a lab out of a folder until told to end",
    options: {
      data: optional(path("the folder with store, certificates and keys; made when missing")),
      config: optional(
        path("what an administrator decides; DIR/config.yaml, where it is there, unless given"),
      ),
      listen: optional(
        text(`where clients and exporters are served; ${DEFAULTS.listen} unless given`, ADDRESS),
      ),
      routerListen: optional(
        text(
          `where their tunnels meet, or none; ${DEFAULTS.routerListen} unless given`,
          ADDRESS,
        ),
      ),
      host: optional(
        text("the name or address by which they find this machine; this host's name", "HOST"),
      ),
      endpoint: optional(
        text("where they find it, if not there at the port of --listen", ADDRESS),
      ),
      routerEndpoint: optional(
        text("where they find its router, if not there at the port of --router-listen", ADDRESS),
      ),
      adminListen: optional(
        text(
          `where it is administered, with DIR/kubeconfig; ${DEFAULTS.adminListen} unless given`,
          ADDRESS,
        ),
      ),
      metricsListen: optional(
        text("where metrics and health are read, in plain HTTP; nowhere unless given", ADDRESS),
      ),
      loginListen: optional(
        text("where a page says how to log in; nowhere unless given", ADDRESS),
      ),
      loginEndpoint: optional(
        text("where users find that page, as they type it", "HOST[:PORT]"),
      ),
      cert: optional(path("a certificate for clients and exporters, PEM; self-made without it")),
      key: optional(path("its private key, PEM")),
      ca: optional(path("what they have to trust, PEM; nothing new without it")),
      namespace: optional(
        text(`the namespace of all objects; ${DEFAULTS.namespace} unless given`, "NAMESPACE"),
      ),
      legacyTokens: flag(
        "take tokens of a Go controller as well, made with the CONTROLLER_KEY of the environment",
      ),
      drain: seconds(5, "how long open tunnels may go on after a signal; a second one ends them"),
      ...logOptions,
    },
    leavesHangup: true,
    grace: CLOSE_TIME,
    cancelled: EXIT.OK,
    async run(values, io, ending) {
      const { data, config: given, drain, logFormat, logLevel, ...flags } = values;
      if (data === undefined) {
        throw new UsageError("--data is missing: name a folder to keep it in");
      }
      const { loadControllerFile, readEnvironment } = await import("./config/mod.ts");
      const { followSettings, isThere } = await import("./follow_settings.ts");
      const file = given ?? `${data}/config.yaml`;
      const config = given !== undefined || await isThere(file)
        ? await loadControllerFile(file)
        : undefined;
      const environment = readEnvironment((name) => Deno.env.get(name));
      const settings = runSettings(flags, config?.start, environment.start);
      const { host, namespace, certificate, legacyTokens, adminListen } = settings;
      const { routerKey, controllerKey } = environment;
      if (legacyTokens && controllerKey === undefined) {
        throw new ConfigError(
          "legacyTokens needs the CONTROLLER_KEY of the Go controller in the environment",
        );
      }
      const { logWriter } = await import("./services/mod.ts");
      const { serveAdministration } = await import("./administration.ts");
      const { serveWeb } = await import("./serve_web.ts");
      const { nameOf } = await import("./addresses.ts");
      const log = logWriter({
        note: (line) => io.note(line),
        format: logFormat,
        level: logLevel,
      });
      for (const warning of config?.warnings ?? []) log("WARNING", warning, {});
      if (environment.names.length > 0) {
        log("INFO", "environment read", { variables: environment.names.join(", ") });
      }
      if (legacyTokens) {
        log(
          "WARNING",
          "tokens of a Go controller are good, and can be forged: rotate them soon",
          {},
        );
      }
      const adminHost = nameOf(adminListen) ?? host;
      await using controller = await serve({
        ...settings,
        data,
        aliases: [adminHost],
        log,
        certificate,
        routerKey,
        ...(legacyTokens && { legacyKey: controllerKey }),
        ...(config && { settings: config.live }),
      });
      await using administration = await serveAdministration(controller, {
        data,
        listen: adminListen,
        host: adminHost,
        namespace,
        log,
      });
      const { loginEndpoint } = settings;
      await using web = await serveWeb(controller, { ...settings, loginEndpoint, log });
      const left = Promise.withResolvers<void>();
      await using _followed = followSettings(controller, {
        file,
        config,
        certificate,
        left: left.resolve,
        log,
      });
      await io.print(`Endpoint: ${controller.endpoint}`);
      await io.print(`Router:   ${controller.routerEndpoint || "none in this process"}`);
      await io.print(`CA:       ${controller.publicIdentity.caFile || "none to trust anew"}`);
      if (web.metrics !== undefined) await io.print(`Metrics:  ${web.metrics}`);
      if (web.login !== undefined) await io.print(`Login:    ${web.login}`);
      const next = "jmp admin create exporter NAME -l board=KIND --out NAME.yaml";
      await io.print(`Next:     KUBECONFIG=${administration.kubeconfig} ${next}`);
      await Promise.race([aborted(io.signal), left.promise, controller.failed]);
      ending.postpone(drain + CLOSE_TIME); // from now: it may have run for years
      if (controller.tunnels === 0) return;
      log("INFO", "tunnels go on for a while", {
        tunnels: controller.tunnels,
        seconds: drain / 1_000,
      });
      await Promise.race([controller.drain(drain), aborted(ending.insisted), controller.failed]);
    },
  });
}

/** Serves a lab; what a store refuses has the status of an HTTP answer, which is none of a program. */
async function serve(options: ControllerOptions): Promise<RunningController> {
  const { serveController } = await import("./services/mod.ts");
  const { StoreError } = await import("./store/mod.ts");
  try {
    return await serveController(options);
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    throw new ConfigError(cause.message, { cause });
  }
}
