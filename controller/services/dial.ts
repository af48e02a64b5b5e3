import { RpcError, type ServerCall } from "@jumpstarter/lib/rpc";
import type { DialRequest } from "@jumpstarter/proto";
import { checkDial } from "../auth/mod.ts";
import type { Client, Exporter, ExporterStatus } from "../store/mod.ts";
import type { Lab } from "./lab.ts";
import type { Ticket } from "./listeners.ts";
import { chooseRouter } from "./router_choice.ts";

/** How long a dial waits for an exporter that has not begun with its lease, in ms. */
const PATIENCE = 30_000;

/** How long it waits for one that never tells what it does to listen, in ms: clients as old give up. */
const SILENT_PATIENCE = 5_000;

/** Why a client is not connected, by what the exporter is doing; old exporters never tell. */
const REFUSALS: Readonly<Partial<Record<ExporterStatus, string>>> = {
  Offline: "exporter is offline",
  BeforeLeaseHookFailed: "exporter beforeLease hook failed",
  AfterLeaseHookFailed: "exporter afterLease hook failed",
};

/** Serves `Dial`: sends a client and the exporter of its lease to a router, where they meet. */
export async function dial(lab: Lab, request: DialRequest, call: ServerCall): Promise<Ticket> {
  const client = await lab.callers.client(call);
  const { leaseName } = request;
  if (leaseName === "") throw new RpcError("UNKNOWN", "empty lease name");
  let exporter = await readyExporter(lab, client, leaseName, call.signal);
  if (exporter.status?.exporterStatus === undefined) {
    const given = AbortSignal.timeout(SILENT_PATIENCE);
    await lab.listeners.opened(leaseName, AbortSignal.any([call.signal, given]));
    // The lease may be over by now, or another client's.
    exporter = await readyExporter(lab, client, leaseName, call.signal);
  }
  const { routers } = lab.settings;
  const isLost = (endpoint: string) => lab.control.isLost(endpoint);
  const router = chooseRouter(routers, exporter.metadata.labels, isLost);
  if (router === undefined) throw new RpcError("UNKNOWN", "no router available");
  const routerToken = await sign(lab, leaseName);
  // An exporter would wait at the router for nobody.
  if (call.signal.aborted) throw new RpcError("CANCELLED", "the client has given up");
  const ticket = { routerEndpoint: router.endpoint, routerToken };
  lab.listeners.offer(leaseName, ticket);
  return ticket;
}

/** The exporter of a lease, once it has begun with the lease. */
async function readyExporter(
  lab: Lab,
  client: Client,
  leaseName: string,
  signal: AbortSignal,
): Promise<Exporter> {
  const { namespace, name } = client.metadata;
  const given = AbortSignal.timeout(PATIENCE);
  const ending = AbortSignal.any([signal, given]);
  for (;;) {
    const lease = await lab.store.leases.get(namespace, leaseName);
    const { exporter: exporterName } = checkDial(lease, name);
    using news = lab.view.exporterNews.follow(exporterName);
    const exporter = await lab.store.exporters.get(namespace, exporterName);
    const { exporterStatus } = exporter.status ?? {};
    const refusal = exporterStatus && REFUSALS[exporterStatus];
    if (refusal !== undefined) throw new RpcError("FAILED_PRECONDITION", refusal);
    if (exporterStatus !== "Available") return exporter;
    if (ending.aborted) {
      throw new RpcError("FAILED_PRECONDITION", "exporter is not ready (status: Available)");
    }
    await news.next(ending);
  }
}

async function sign({ routerTokens }: Lab, leaseName: string): Promise<string> {
  try {
    return await routerTokens.issue(leaseName);
  } catch (cause) {
    throw new RpcError("INTERNAL", "unable to sign token", { cause });
  }
}
