/**
 * The command that runs a controller.
 *
 * @module
 */
import { optional, path, text } from "@jumpstarter/lib/commands";
import { ConfigError, UsageError } from "@jumpstarter/lib/errors";
import { aborted, type CliCommand, cliCommand, EXIT, logOptions } from "@jumpstarter/lib/program";
import { nameOf, parseAddress, parseHost } from "./addresses.ts";
import type { StartSettings } from "./config/mod.ts";
import type { CertificateFiles, ControllerOptions, RunningController } from "./services/mod.ts";

const ADDRESS = "HOST:PORT";
/** What holds when neither a flag nor the file says otherwise. */
const DEFAULTS = {
  listen: "0.0.0.0:8082",
  routerListen: "0.0.0.0:8083",
  adminListen: "127.0.0.1:8084",
  namespace: "default",
};
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
      ...logOptions,
    },
    grace: CLOSE_TIME,
    cancelled: EXIT.OK,
    async run(values, io) {
      const { data, logFormat, logLevel } = values;
      if (data === undefined) {
        throw new UsageError("--data is missing: name a folder to keep it in");
      }
      const { followFile, loadControllerFile } = await import("./config/mod.ts");
      const file = values.config ?? await ifThere(`${data}/config.yaml`);
      const config = file === undefined ? undefined : await loadControllerFile(file);
      const start = { ...DEFAULTS, ...config?.start, ...given(values) };
      const { namespace } = start;
      const listen = parseAddress("--listen", start.listen);
      const routerListen = start.routerListen === "none"
        ? undefined
        : parseAddress("--router-listen", start.routerListen);
      const adminListen = parseAddress("--admin-listen", start.adminListen);
      const host = start.host === undefined
        ? nameOf(listen) ?? Deno.hostname()
        : parseHost(start.host);
      const adminHost = nameOf(adminListen) ?? host;
      const metricsListen = start.metricsListen === undefined
        ? undefined
        : parseAddress("--metrics-listen", start.metricsListen);
      const loginListen = start.loginListen === undefined
        ? undefined
        : parseAddress("--login-listen", start.loginListen);
      const certificate = certificateOf(values) ?? start.certificate;
      const { logWriter, readGivenIdentity } = await import("./services/mod.ts");
      const { serveAdministration } = await import("./administration.ts");
      const { serveWeb } = await import("./serve_web.ts");
      const log = logWriter({
        note: (line) => io.note(line),
        format: logFormat,
        level: logLevel,
      });
      for (const warning of config?.warnings ?? []) log("WARNING", warning, { file: file! });
      await using controller = await serve({
        data,
        listen,
        routerListen,
        host,
        aliases: [adminHost],
        namespace,
        log,
        certificate,
        ...(start.internalPrefix && { internalPrefix: start.internalPrefix }),
        ...(config && { settings: config.live }),
      });
      await using administration = await serveAdministration(controller, {
        data,
        listen: adminListen,
        host: adminHost,
        namespace,
        log,
      });
      await using web = await serveWeb(controller, {
        host,
        metricsListen,
        loginListen,
        loginEndpoint: start.loginEndpoint,
        log,
      });
      await io.print(`Endpoint: ${controller.endpoint}`);
      await io.print(`Router:   ${controller.routerEndpoint || "none in this process"}`);
      await io.print(`CA:       ${controller.publicIdentity.caFile || "none to trust anew"}`);
      if (web.metrics !== undefined) await io.print(`Metrics:  ${web.metrics}`);
      if (web.login !== undefined) await io.print(`Login:    ${web.login}`);
      await io.print(
        `Next:     KUBECONFIG=${administration.kubeconfig} jmp admin create exporter NAME`,
      );
      if (file !== undefined) {
        void followFile({
          path: file,
          signal: io.signal,
          async take() {
            const next = await loadControllerFile(file);
            await controller.use(next.live);
            for (const warning of next.warnings) log("WARNING", warning, { file });
            const late = changedKeys(config!.start, next.start);
            log("INFO", "configuration taken", { file, ...(late && { "after a restart": late }) });
          },
          refused: ({ message }) => {
            log("ERROR", "configuration not taken, what was stays", { file, error: message });
          },
        });
      }
      if (certificate !== undefined) {
        void followFile({
          path: certificate.cert,
          signal: io.signal,
          async take() {
            controller.useIdentity(await readGivenIdentity(certificate));
            log("INFO", "certificate taken", { file: certificate.cert });
          },
          refused: ({ message }) => {
            log("ERROR", "certificate not taken, what was stays", { error: message });
          },
        });
      }
      await Promise.race([aborted(io.signal), controller.failed]);
    },
  });
}

/** What flags say, of those that a file says, too. */
function given(
  values: { readonly [Key in keyof StartSettings]?: StartSettings[Key] | undefined },
): StartSettings {
  const keys = [...Object.keys(DEFAULTS), "metricsListen", "loginListen", "loginEndpoint", "host"];
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => keys.includes(key) && value !== undefined),
  );
}

/** The certificate that flags name. */
function certificateOf(
  { cert, key, ca }: {
    cert?: string | undefined;
    key?: string | undefined;
    ca?: string | undefined;
  },
): CertificateFiles | undefined {
  if (cert === undefined && key === undefined && ca === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key, ...(ca && { ca }) };
  throw new UsageError("--cert and --key go together: a certificate is of no use without its key");
}

/** The keys in which two starts differ; nothing for none. */
function changedKeys(one: StartSettings, other: StartSettings): string | undefined {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof StartSettings>;
  const differs = (key: keyof StartSettings) =>
    JSON.stringify(one[key]) !== JSON.stringify(other[key]);
  return [...keys].filter(differs).join(", ") || undefined;
}

async function ifThere(path: string): Promise<string | undefined> {
  return await Deno.stat(path).then(() => path, (error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
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
