import { ExporterStatus } from "@jumpstarter/proto";
import { NAME_LABEL } from "@jumpstarter/lib/client";
import type { ExporterFile } from "@jumpstarter/lib/config";
import type { LogSink } from "@jumpstarter/lib/driver";
import { aborted, CLOSE_TIME, type Ending } from "@jumpstarter/lib/program";
import { type Endpoint, formatEndpoint, SocketDir } from "@jumpstarter/lib/rpc";
import { buildTree } from "../build.ts";
import { missingJ } from "../hooks/missing_j.ts";
import { Session } from "../session.ts";
import { SessionHooks } from "../session_hooks.ts";
import { SessionServer } from "../session_server.ts";
import { ClientList } from "./client_list.ts";
import { Collector } from "./collector.ts";
import type { Listener } from "./listener.ts";
import { passphraseGuard } from "./passphrase.ts";

/** Milliseconds that a hook's processes have to end once its time is over. */
const HOOK_GRACE = 5_000;

/** Puts `j` where hooks find it: a folder for their PATH. */
export type HookTools = (dir: SocketDir, host: string) => Promise<string>;

/** What {@linkcode serveDirect} takes. */
export interface DirectOptions {
  /** Where and how clients are served. */
  readonly listener: Listener;
  /** Takes the exporter's log. */
  readonly log: LogSink;
  /** Tells it to end, after the afterLease hook. */
  readonly signal: AbortSignal;
  /** How long the end may take. */
  readonly ending: Ending;
  /** Brings `j` to hooks that do not have it on their PATH anyway. */
  readonly hookTools?: HookTools | undefined;
  /** Told once clients can connect. */
  readonly onServing?: (session: DirectSession) => void;
}

/** A session that is served in the network. */
export interface DirectSession {
  /** The exporter's name. */
  readonly name: string;
  /** Where. */
  readonly endpoint: Endpoint;
  /** Resolves once the beforeLease hook is done and no client is connected, or with the signal. */
  idle(signal: AbortSignal): Promise<void>;
}

/**
 * Serves an exporter file in the network, one session for all who come, from the beforeLease hook to
 * the afterLease hook. The exit status that the hooks ask for.
 */
export async function serveDirect(file: ExporterFile, options: DirectOptions): Promise<number> {
  const { listener, log, signal, ending, hookTools, onServing } = options;
  await using dir = await SocketDir.make();
  await using session = await Session.open((host) => buildTree(file, host), {
    labels: { [NAME_LABEL]: file.name },
    log,
    signal,
    ...(file.motd === undefined ? {} : { motd: file.motd }),
  });
  const host = dir.file("hook");
  await using hookServer = new SessionServer(session);
  await hookServer.listen({ kind: "unix", path: host });
  const env = await hookEnv(dir, host, hookTools);
  const warning = missingJ(file.hooks, env.PATH);
  if (warning !== undefined) session.log.warning(warning);
  using collector = new Collector(session.log);
  await using server = clientServer(session, listener, collector);
  const { tls } = listener;
  const endpoint = await server.listen(listener.endpoint, tls === undefined ? {} : { tls });
  session.log.info(`serving ${file.name} at ${formatEndpoint(endpoint)}`);
  const prepared = Promise.withResolvers<void>();
  onServing?.({
    name: file.name,
    endpoint,
    async idle(until) {
      await Promise.race([prepared.promise, aborted(until)]);
      await server.idle(until);
    },
  });
  const hooks = new SessionHooks(session, file.hooks, {
    place: "direct",
    host,
    leaseName: "standalone",
    clientName: "",
    env,
  });
  const before = await hooks.before(signal);
  if (before?.stop !== undefined) return before.stop.code;
  prepared.resolve();
  await aborted(signal);
  const { afterLease } = file.hooks;
  let code = 0;
  if (afterLease !== undefined && before?.runsAfterLease !== false) {
    ending.postpone(afterLease.timeout + HOOK_GRACE + CLOSE_TIME);
    code = (await hooks.after(ending.insisted))?.stop?.code ?? 0;
    ending.postpone(CLOSE_TIME);
  }
  session.setStatus(ExporterStatus.OFFLINE, "Exporter shutting down");
  return code;
}

function clientServer(
  session: Session,
  { passphrase }: Listener,
  collector: Collector,
): SessionServer {
  return new SessionServer(session, {
    clients: new ClientList(),
    onIdle: () => collector.idle(),
    pingsClients: true,
    ...(passphrase === undefined ? {} : { guard: passphraseGuard(passphrase, session.log) }),
  });
}

async function hookEnv(
  dir: SocketDir,
  host: string,
  tools: HookTools | undefined,
): Promise<Record<string, string>> {
  const env = Deno.env.toObject();
  const bin = await tools?.(dir, host);
  return bin === undefined ? env : { ...env, PATH: `${bin}:${env.PATH ?? "/usr/bin:/bin"}` };
}
