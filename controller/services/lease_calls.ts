import { RpcError, type ServerCall } from "@jumpstarter/lib/rpc";
import {
  changeTimes,
  checkTags,
  completeTimes,
  ENDED_LABEL,
  type Labels,
  leaseLabels,
  matchesLabels,
  parseSelector,
  type Selector,
  TAG_PREFIX,
  type TimeFields,
  toStoredSelector,
  withTimes,
} from "@jumpstarter/lib/lease";
import type { client, Init } from "@jumpstarter/proto";
import { checkNamespace, checkOwner } from "../auth/mod.ts";
import { change, type Lease, NotFoundError, pageOf } from "../store/mod.ts";
import type { Lab } from "./lab.ts";
import { leaseMessage } from "./lease_message.ts";
import { release } from "./lease_release.ts";
import { parseNamespace, parseResource } from "./resource_name.ts";
import { uuid7 } from "./uuid7.ts";
import { fromWire } from "./wire_time.ts";

type Message = Init<client.Lease>;

/** Serves `GetLease`. */
export async function getLease(
  lab: Lab,
  request: client.GetLeaseRequest,
  call: ServerCall,
): Promise<Message> {
  const { namespace, name } = parseResource(request.name, "leases");
  checkNamespace(namespace, await lab.callers.client(call));
  return messageOf(lab, await lab.store.leases.get(namespace, name));
}

/** Serves `ListLeases`: all of the namespace, not only the caller's. */
export async function listLeases(
  lab: Lab,
  { parent, pageSize, pageToken, filter, onlyActive = true, tagFilter }: client.ListLeasesRequest,
  call: ServerCall,
): Promise<Init<client.ListLeasesResponse>> {
  const namespace = parseNamespace(parent);
  checkNamespace(namespace, await lab.callers.client(call));
  const selector = [...parseSelector(filter), ...parseTagFilter(tagFilter)];
  const isMeant = (labels: Labels) =>
    !(onlyActive && ENDED_LABEL in labels) && matchesLabels(selector, labels);
  const pages = { limit: Math.max(pageSize, 0), continue: pageToken };
  // Those that are over are many after some years: they are not read to be left out.
  const active = lab.view.leases.filter(({ metadata }) => isMeant(metadata.labels ?? {}));
  const page = onlyActive
    ? pageOf(active, pages)
    : await lab.store.leases.list({ namespace, labels: isMeant, ...pages });
  return {
    leases: page.items.map((lease) => messageOf(lab, lease)),
    nextPageToken: page.continue ?? "",
  };
}

function parseTagFilter(text: string): Selector {
  try {
    return parseSelector(text).map((term) => ({ ...term, key: TAG_PREFIX + term.key }));
  } catch (cause) {
    const fault = cause instanceof Error ? cause.message : String(cause);
    throw new RpcError("INVALID_ARGUMENT", `invalid tag_filter: ${fault}`, { cause });
  }
}

/** Serves `CreateLease`: a lease that can have an exporter at once has it when this answers. */
export async function createLease(
  lab: Lab,
  { parent, leaseId, lease: asked }: client.CreateLeaseRequest,
  call: ServerCall,
): Promise<Message> {
  if (asked === undefined) throw new RpcError("INVALID_ARGUMENT", "lease is required");
  const { exporterName = "", tags, context, allowDisabled } = asked;
  if (asked.selector === "" && exporterName === "") {
    throw new RpcError("INVALID_ARGUMENT", "one of selector or exporter_name is required");
  }
  checkLeaseTags(lab, tags);
  const namespace = parseNamespace(parent);
  const caller = await lab.callers.client(call);
  checkNamespace(namespace, caller);
  const selector = toStoredSelector(asked.selector);
  const times = completeTimes(timesAsked(asked));
  const spec: Lease["spec"] = {
    clientRef: { name: caller.metadata.name },
    selector,
    ...exporterName !== "" && { exporterRef: { name: exporterName } },
    ...isFilled(tags) && { tags: { ...tags } },
    ...isFilled(context) && { context: { ...context } },
    ...allowDisabled && { allowDisabled },
  };
  const lease = await lab.scheduler.create({
    metadata: { namespace, name: leaseId || uuid7(), labels: leaseLabels(selector, tags) },
    spec: withTimes(spec, times),
  });
  return messageOf(lab, lease);
}

/** Serves `UpdateLease`: changes the times, or gives the lease to another client. */
export async function updateLease(
  lab: Lab,
  { lease: asked }: client.UpdateLeaseRequest,
  call: ServerCall,
): Promise<Message> {
  if (asked === undefined) throw new RpcError("INVALID_ARGUMENT", "lease is required");
  const { namespace, name } = parseResource(asked.name, "leases");
  const caller = await lab.callers.client(call);
  checkNamespace(namespace, caller);
  const { leases } = lab.store;
  const updated = await change(leases, namespace, name, async (lease) => {
    checkOwner("UpdateLease", lease, caller.metadata.name);
    const timed = changeTimes(lease, timesAsked(asked)) as Lease["spec"];
    const clientRef = await newOwner(lab, lease, asked.client);
    const spec = { ...timed, clientRef };
    return await lab.scheduler.update({ ...lease, spec });
  });
  return leaseMessage(updated);
}

/** Whom a lease belongs to from now on. */
async function newOwner(
  { store }: Lab,
  { metadata: { namespace }, spec, status }: Lease,
  target = "",
): Promise<{ name: string }> {
  if (target === "") return spec.clientRef;
  const refuse = (fault: string): never => {
    throw new RpcError("UNKNOWN", `cannot transfer lease: ${fault}`);
  };
  if (status?.ended) refuse("lease has already ended");
  if (status?.exporterRef === undefined) refuse("lease has not started yet");
  const client = parseResource(target, "clients");
  if (client.namespace !== namespace) refuse(`client ${target} is in another namespace`);
  try {
    await store.clients.get(namespace, client.name);
  } catch (cause) {
    if (!(cause instanceof NotFoundError)) throw cause;
    throw new RpcError("UNKNOWN", `target client not found: ${cause.message}`, { cause });
  }
  return { name: client.name };
}

/** Serves `DeleteLease`: releases it; the object stays as a record. */
export async function deleteLease(
  lab: Lab,
  request: client.DeleteLeaseRequest,
  call: ServerCall,
): Promise<Record<never, never>> {
  const { namespace, name } = parseResource(request.name, "leases");
  const caller = await lab.callers.client(call);
  checkNamespace(namespace, caller);
  await release(lab, name, (lease) => {
    checkOwner("DeleteLease", lease, caller.metadata.name);
    if (!lease.spec.release) return;
    throw new RpcError("FAILED_PRECONDITION", `lease "${request.name}" has already been released`);
  });
  return {};
}

function messageOf({ settings }: Lab, lease: Lease): Message {
  return leaseMessage(lease, settings.deprecatedLabels);
}

function timesAsked({ beginTime, endTime, duration }: client.Lease): TimeFields {
  const [begin, end, length] = [beginTime, endTime, duration].map(fromWire);
  return {
    ...begin !== undefined && { begin },
    ...end !== undefined && { end },
    ...length !== undefined && { duration: length },
  };
}

function checkLeaseTags({ settings }: Lab, tags: Readonly<Record<string, string>>): void {
  try {
    checkTags(tags, settings.maxTags);
  } catch (cause) {
    const fault = cause instanceof Error ? cause.message : String(cause);
    throw new RpcError("INVALID_ARGUMENT", fault, { cause });
  }
}

function isFilled(map: Readonly<Record<string, string>>): boolean {
  return Object.keys(map).length > 0;
}
