/** Leases as very old clients ask for them. */
import { RpcError, type ServerCall } from "@jumpstarter/lib/rpc";
import { effectiveTimes, ENDED_LABEL, formatGoDuration, timesOf } from "@jumpstarter/lib/lease";
import type {
  GetLeaseRequest,
  GetLeaseResponse,
  Init,
  ListLeasesResponse,
  ReleaseLeaseRequest,
  RequestLeaseRequest,
  RequestLeaseResponse,
} from "@jumpstarter/proto";
import { callingKind, checkHolder, checkOwner } from "../auth/mod.ts";
import { type Lease, NotFoundError, type SelectorRequirement } from "../store/mod.ts";
import { metadataOf } from "./callers.ts";
import type { Lab } from "./lab.ts";
import { conditionMessages } from "./lease_message.ts";
import { release } from "./lease_release.ts";
import { uuid7 } from "./uuid7.ts";
import { fromWire, toWire } from "./wire_time.ts";

/** Serves `GetLease`. */
export async function getLegacyLease(
  lab: Lab,
  { name }: GetLeaseRequest,
  call: ServerCall,
): Promise<Init<GetLeaseResponse>> {
  const client = await lab.callers.client(call);
  const { namespace } = client.metadata;
  const lease = await lab.store.leases.get(namespace, name);
  checkOwner("GetLease", lease, client.metadata.name);
  const { duration } = timesOf(lease.spec);
  const { begin, end } = effectiveTimes(lease, Date.now());
  const { matchLabels = {}, matchExpressions = [] } = lease.spec.selector;
  const exporter = lease.status?.exporterRef?.name;
  return {
    duration: duration === undefined ? undefined : toWire(duration),
    selector: { matchLabels, matchExpressions },
    beginTime: begin === undefined ? undefined : toWire(begin),
    endTime: end === undefined ? undefined : toWire(end),
    exporterUuid: exporter === undefined ? undefined : await uuidOf(lab, namespace, exporter),
    conditions: conditionMessages(lease),
  };
}

async function uuidOf({ store }: Lab, namespace: string, exporter: string): Promise<string> {
  try {
    return (await store.exporters.get(namespace, exporter)).metadata.uid;
  } catch (cause) {
    throw new RpcError("UNKNOWN", "GetLease fetch exporter uuid failed", { cause });
  }
}

/** Serves `RequestLease`. */
export async function requestLegacyLease(
  lab: Lab,
  { duration, selector }: RequestLeaseRequest,
  call: ServerCall,
): Promise<RequestLeaseResponse> {
  const { metadata: { name, namespace } } = await lab.callers.client(call);
  const matchExpressions = (selector?.matchExpressions ?? []).map(
    ({ key, operator, values }) =>
      ({ key, operator, ...values.length > 0 && { values } }) as SelectorRequirement,
  );
  const lease = await lab.scheduler.create({
    metadata: { namespace, name: uuid7() },
    spec: {
      clientRef: { name },
      duration: formatGoDuration(fromWire(duration) ?? 0),
      selector: { matchLabels: { ...selector?.matchLabels }, matchExpressions },
    },
  });
  return { name: lease.metadata.name };
}

/** Serves `ListLeases`: the caller's own that are not over. */
export async function listLegacyLeases(lab: Lab, call: ServerCall): Promise<ListLeasesResponse> {
  const { metadata: { name } } = await lab.callers.client(call);
  const own = lab.view.leases.filter(({ metadata: { labels = {} }, spec }) =>
    spec.clientRef.name === name && !(ENDED_LABEL in labels)
  );
  return { names: Array.from(own, ({ metadata }) => metadata.name).sort() };
}

/** Serves `ReleaseLease`, for clients and exporters. */
export async function releaseLegacyLease(
  lab: Lab,
  { name }: ReleaseLeaseRequest,
  call: ServerCall,
): Promise<Record<never, never>> {
  if (callingKind(metadataOf(call)) === "Exporter") {
    await releaseAsExporter(lab, name, call);
  } else {
    const client = (await lab.callers.client(call)).metadata.name;
    await release(lab, name, (lease) => checkOwner("ReleaseLease", lease, client));
  }
  return {};
}

async function releaseAsExporter(lab: Lab, name: string, call: ServerCall): Promise<void> {
  const exporter = (await lab.callers.exporter(call)).metadata.name;
  try {
    await release(lab, name, (lease: Lease) => checkHolder(lease, exporter));
  } catch (cause) {
    if (cause instanceof RpcError) throw cause;
    // Exporters take other codes for a controller that cannot do this at all.
    if (cause instanceof NotFoundError) {
      throw new RpcError("NOT_FOUND", `lease ${name} not found`, { cause });
    }
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new RpcError("INTERNAL", `failed to mark lease for release: ${text}`, { cause });
  }
}
