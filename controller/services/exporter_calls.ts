import { RpcError, type ServerCall } from "@jumpstarter/lib/rpc";
import type {
  ListenRequest,
  RegisterRequest,
  ReportStatusRequest,
  StatusResponse,
  UnregisterRequest,
} from "@jumpstarter/proto";
import { checkListen } from "../auth/mod.ts";
import { change, type Device, equal, type Exporter } from "../store/mod.ts";
import { registered, reported, storedStatus, unregistered } from "./exporter_state.ts";
import type { Lab } from "./lab.ts";
import { release } from "./lease_release.ts";
import type { Ticket } from "./listeners.ts";

/** The labels that exporters set themselves. */
const OWN_LABELS = "jumpstarter.dev/";

/** Serves `Register`. */
export async function register(
  lab: Lab,
  request: RegisterRequest,
  call: ServerCall,
): Promise<{ uuid: string }> {
  const { metadata: { name, namespace, uid } } = await lab.callers.exporter(call);
  const { exporters } = lab.store;
  lab.liveness.hear(name);
  await orInternal(
    "unable to update exporter",
    () =>
      change(exporters, namespace, name, (exporter) => {
        const labels = ownLabels(exporter, request.labels);
        if (labels === undefined) return exporter;
        return exporters.update({ ...exporter, metadata: { ...exporter.metadata, labels } });
      }),
  );
  await orInternal("unable to update exporter status", () =>
    lab.keeper.write(name, (exporter) => {
      const { devices: _, ...others } = exporter.status ?? {};
      const devices = request.reports.map(deviceOf);
      const status = { ...others, ...devices.length > 0 && { devices } };
      return { ...status, conditions: registered({ ...exporter, status }, Date.now()) };
    }));
  lab.log("INFO", "exporter registered", { exporter: name, devices: request.reports.length });
  return { uuid: uid };
}

/** Serves `Unregister`. The exporter keeps its lease. */
export async function unregister(
  lab: Lab,
  { reason }: UnregisterRequest,
  call: ServerCall,
): Promise<Record<never, never>> {
  const { metadata: { name } } = await lab.callers.exporter(call);
  const message = reason || "Exporter unregistered";
  await orInternal(
    "unable to update exporter status",
    () => lab.keeper.write(name, (exporter) => unregistered(exporter, message, Date.now())),
  );
  lab.liveness.leave(name);
  lab.log("INFO", "exporter unregistered", { exporter: name, reason: message });
  return {};
}

/** Serves `ReportStatus`. */
export async function reportStatus(
  lab: Lab,
  { status, message = "", releaseLease = false }: ReportStatusRequest,
  call: ServerCall,
): Promise<Record<never, never>> {
  const { metadata: { name } } = await lab.callers.exporter(call);
  lab.liveness.hear(name);
  const stored = storedStatus(status);
  if (!releaseLease && !await lab.hookFailures.passed(name, stored, call)) return {};
  await orInternal(
    "unable to update exporter status",
    () => lab.keeper.write(name, (exporter) => reported(exporter, stored, message, Date.now())),
  );
  lab.log("DEBUG", "exporter reported", { exporter: name, status: stored, message });
  const lease = releaseLease ? lab.view.holderOf(name) : undefined;
  if (lease === undefined) return {};
  try {
    await release(lab, lease.metadata.name, () => {});
  } catch (error) {
    lab.log("WARNING", "cannot release the lease of an exporter", {
      exporter: name,
      lease: lease.metadata.name,
      error: String(error),
    });
  }
  return {};
}

/** Serves `Listen`: hands an exporter the tickets of those who dial its lease. */
export async function* listen(
  lab: Lab,
  { leaseName }: ListenRequest,
  call: ServerCall,
): AsyncGenerator<Ticket> {
  const { metadata: { name, namespace } } = await lab.callers.exporter(call);
  if (leaseName === "") throw new RpcError("UNKNOWN", "empty lease name");
  checkListen(await lab.store.leases.get(namespace, leaseName), name);
  using listener = lab.listeners.open(leaseName);
  for (;;) {
    const ticket = await listener.next(call.signal);
    if (ticket === undefined) return;
    yield ticket;
  }
}

/** Who holds an exporter's lease. */
type Holding = Readonly<StatusResponse>;
const FREE: Holding = { leased: false, context: {} };

/** Serves `Status`: tells an exporter who holds its lease, at once and at every change. */
export async function* status(lab: Lab, call: ServerCall): AsyncGenerator<Holding> {
  const { metadata: { name, uid } } = await lab.callers.exporter(call);
  using news = lab.view.exporterNews.follow(name);
  using _alive = lab.liveness.open(name);
  await lab.keeper.greet(name);
  let sent: Holding | undefined;
  while (!call.signal.aborted) {
    const known = lab.view.exporter(name);
    if (known?.metadata.uid !== uid) {
      throw new RpcError("UNKNOWN", `exporters.jumpstarter.dev "${name}" not found`);
    }
    const holding = holdingOf(lab, name);
    // An exporter ends one lease before it begins the next.
    if (sent?.leased && holding.leased && sent.leaseName !== holding.leaseName) yield FREE;
    if (!equal(holding, sent)) yield sent = holding;
    await news.next(call.signal);
  }
}

function holdingOf({ view }: Lab, exporter: string): Holding {
  const lease = view.holderOf(exporter);
  if (lease === undefined) return FREE;
  return {
    leased: true,
    leaseName: lease.metadata.name,
    clientName: lease.spec.clientRef.name,
    context: lease.spec.context ?? {},
  };
}

/** An exporter's labels with those it sets itself; `undefined` when that changes nothing. */
function ownLabels(
  { metadata: { labels = {} } }: Exporter,
  asked: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const isOwn = ([key]: [string, string]) => key.startsWith(OWN_LABELS);
  const before = Object.entries(labels).filter(isOwn);
  const after = Object.entries(asked).filter(isOwn);
  const isSame = before.length === after.length &&
    after.every(([key, value]) => labels[key] === value);
  if (isSame) return undefined;
  const others = Object.entries(labels).filter((entry) => !isOwn(entry));
  return Object.fromEntries([...others, ...after]);
}

function deviceOf({ uuid, parentUuid, labels }: RegisterRequest["reports"][number]): Device {
  return {
    ...uuid !== "" && { uuid },
    ...parentUuid !== undefined && parentUuid !== "" && { parent_uuid: parentUuid },
    ...Object.keys(labels).length > 0 && { labels: { ...labels } },
  };
}

/** Carries out a write, and tells the caller of a failure. */
async function orInternal<T>(what: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new RpcError("INTERNAL", `${what}: ${text}`, { cause });
  }
}
