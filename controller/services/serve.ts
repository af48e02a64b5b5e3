import { isActive } from "@jumpstarter/lib/lease";
import { type Endpoint, formatEndpoint, RpcError, RpcServer } from "@jumpstarter/lib/rpc";
import { ClientService, ControllerService, TelemetryService } from "@jumpstarter/proto";
import { parseEndpoint } from "../addresses.ts";
import { InternalIssuer, legacyPublicKey, RouterTokens, TokenVerifier } from "../auth/mod.ts";
import { DEFAULT_SETTINGS, type LiveSettings } from "../config/mod.ts";
import { AuditLog } from "../audit/mod.ts";
import { EventRecorder } from "../events/mod.ts";
import { questions } from "../grpc/mod.ts";
import { CONTROL_SERVICE, RouterControl } from "../control/mod.ts";
import { Liveness } from "../liveness/mod.ts";
import { Router } from "../router/mod.ts";
import { LabView, Scheduler } from "../scheduler/mod.ts";
import { openSqliteStore } from "../store/mod.ts";
import {
  Acquisitions,
  certificateMetrics,
  labMetrics,
  processMetrics,
  routerMetrics,
} from "../web/mod.ts";
import { answerQuestions } from "./answer_questions.ts";
import { auditLease } from "./audit_lease.ts";
import { Callers } from "./callers.ts";
import { clientService } from "./client_service.ts";
import { controllerService } from "./controller_service.ts";
import { Credentials } from "./credentials.ts";
import { ExporterKeeper } from "./exporter_keeper.ts";
import { expiryOf } from "./expiry_watch.ts";
import { HookFailures } from "./hook_failures.ts";
import { Identities } from "./identities.ts";
import { loadKeys } from "./keys.ts";
import type { Lab, LabSettings } from "./lab.ts";
import { Listeners } from "./listeners.ts";
import { withOwn } from "./router_choice.ts";
import type { ControllerOptions, ListenAddress, RunningController } from "./running_controller.ts";
import { pushLogs, telemetryEndpoint } from "./telemetry.ts";
import { TokenIds } from "./token_ids.ts";
import { TunnelCutter } from "./tunnel_cutter.ts";

/** What a controller says that it serves. */
const SERVED = [
  "jumpstarter.v1.ControllerService",
  "jumpstarter.client.v1.ClientService",
  "jumpstarter.v1.TelemetryService",
];

/** The names that a certificate always has beside the host's. */
const LOCAL_HOSTS = ["localhost", "127.0.0.1", "::1"];

/**
 * Serves a lab out of a folder: controller and router in this process, over TLS.
 *
 * Rejects with {@linkcode UnavailableError} when another controller has the folder.
 */
export async function serveController(options: ControllerOptions): Promise<RunningController> {
  const { data, host, aliases = [], namespace, log, routerKey, legacyKey } = options;
  await using stack = new AsyncDisposableStack();
  await Deno.mkdir(data, { recursive: true, mode: 0o700 });
  const store = stack.use(await openSqliteStore(`${data}/store.sqlite`));
  const named = [options.endpoint, options.routerEndpoint].flatMap((endpoint) =>
    endpoint === undefined ? [] : [parseEndpoint("endpoint", endpoint).hostname]
  );
  const identities = stack.use(
    await Identities.open({
      data,
      hosts: [...new Set([host, ...named, ...aliases, ...LOCAL_HOSTS])],
      given: options.certificate,
      log,
    }),
  );
  const keys = await loadKeys(store, namespace, routerKey);
  const ids = new TokenIds();
  let live: LiveSettings = { ...DEFAULT_SETTINGS, ...options.settings };
  const issuer = await InternalIssuer.open({
    key: keys.issuer,
    isRevoked: ids.isRevoked,
    ...(legacyKey !== undefined && { alsoAccepts: [legacyPublicKey(legacyKey)] }),
    ...(options.internalPrefix && { prefix: options.internalPrefix }),
    ...(live.tokenLifetime && { lifetime: live.tokenLifetime }),
  });
  const verifier = await TokenVerifier.open({
    internal: issuer,
    issuers: live.issuers,
    onFailure: ({ message }) => log("WARNING", "issuer not available", { error: message }),
  });
  void verifier.prepare();
  const routerTokens = new RouterTokens({ key: keys.router });

  const view = stack.use(await LabView.open({ store, namespace }));
  const router = stack.use(
    new Router({
      log,
      checkToken: async (token) => {
        const grant = await routerTokens.verify(token);
        const { leaseName } = grant;
        if (leaseName === undefined) return grant;
        const lease = view.lease(leaseName);
        if (lease === undefined || !isActive(lease)) throw new Error("the lease is not in use");
        return grant;
      },
    }),
  );
  stack.use(new TunnelCutter(router, view));
  const control = new RouterControl({ tokens: routerTokens, view, log });
  stack.use(new TunnelCutter(control, view));
  const routerAt = options.routerListen &&
    await router.listen(options.routerListen, { tls: identities.shown });
  let isReady = false;
  const guard = () => {
    if (!isReady) throw new RpcError("UNAVAILABLE", "the controller is starting; try again");
  };
  const server = stack.use(new RpcServer({ guard, pingsClients: true }));
  const lab = {} as Lab; // filled in before the first call is let through
  server.add(ControllerService, controllerService(lab));
  server.add(ClientService, clientService(lab));
  server.add(TelemetryService, {
    pushLogs: (request, call) => pushLogs(lab, request, call),
  });
  server.add(CONTROL_SERVICE, { follow: (request, call) => control.follow(request, call) });
  answerQuestions(server, questions(SERVED));
  const at = await server.listen(options.listen, { tls: identities.shown });
  identities.follow(() => {
    router.useIdentity(identities.shown);
    server.useIdentity(identities.shown);
    if (isReady) refresh();
  });
  const found = (address: Endpoint) =>
    formatEndpoint({ ...address as ListenAddress, hostname: host });
  const endpoint = options.endpoint ?? found(at);
  const routerEndpoint = routerAt === undefined ? "" : options.routerEndpoint ?? found(routerAt);

  const liveness = stack.use(new Liveness((name) => keeper.lookAfter(name), options.liveness));
  const events = stack.use(await EventRecorder.open({ store, namespace, log }));
  const keeper = stack.use(
    new ExporterKeeper({ store, namespace, view, liveness, endpoint, events, log }),
  );
  const credentials = stack.use(
    await Credentials.open({ store, namespace, issuer, ids, endpoint, events, log }),
  );
  const acquisitions = new Acquisitions();
  const audit = stack.use(AuditLog.open(`${data}/audit.sqlite`));
  const scheduler = stack.use(
    new Scheduler({
      store,
      view,
      log,
      accompany: (change) => keeper.accompany(change),
      onStored: (change) => {
        acquisitions.count(change);
        auditLease(audit, change);
      },
    }),
  );
  const callers = new Callers({
    store,
    namespace,
    internalPrefix: issuer.prefix,
    verify: (token) => verifier.verify(token),
    provisioning: () => live.provisioning,
    log,
  });
  const settings = (): LabSettings => ({
    ...live,
    namespace,
    routers: withOwn(live.routers, routerEndpoint),
    telemetry: telemetryEndpoint(live, { endpoint, ca: identities.shown.ca }),
  });
  const refresh = () => Object.assign(lab, { settings: settings() });
  Object.assign<Lab, Lab>(lab, {
    settings: settings(),
    store,
    view,
    scheduler,
    liveness,
    keeper,
    hookFailures: new HookFailures(),
    listeners: new Listeners(),
    callers,
    issuer,
    credentials,
    routerTokens,
    control,
    audit,
    log,
  });
  isReady = true;
  // Calls end first, then what they stand on.
  stack.defer(() => server.close());
  const failed = Promise.race([view.failed, credentials.failed]);
  let isFailed = false;
  failed.catch(() => isFailed = true); // told to whoever asks
  const startedAt = Date.now();
  const running = stack.move();
  return {
    endpoint,
    routerEndpoint,
    get identity() {
      return identities.own;
    },
    get publicIdentity() {
      return identities.shown;
    },
    useIdentity: (next) => identities.use(next),
    onIdentity: (take) => identities.follow(take),
    store,
    async use(next) {
      await verifier.reload(next.issuers);
      void verifier.prepare();
      issuer.useLifetime(next.tokenLifetime);
      live = next;
      refresh();
    },
    audit,
    get tunnels() {
      return router.figures.tunnels;
    },
    drain: (time) => router.close(time),
    metrics: () => [
      ...acquisitions.metrics,
      ...labMetrics(view, Date.now()),
      ...routerMetrics(router.figures),
      ...certificateMetrics(expiryOf(identities.shown.cert)),
      ...processMetrics(startedAt),
    ],
    async unready() {
      await verifier.prepare();
      const isStoreLost = await store.clients.list({ namespace, limit: 1 }).then(
        () => false,
        () => true,
      );
      return [
        ...isStoreLost ? ["the store does not answer"] : [],
        ...isFailed ? ["the store can no longer be followed"] : [],
        ...verifier.unready.map((issuer) => `the keys of issuer ${issuer} are not there yet`),
      ];
    },
    loginFacts: () => ({
      endpoint,
      routerEndpoint,
      namespace,
      ca: identities.shown.ca,
      issuers: live.issuers,
    }),
    failed,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
