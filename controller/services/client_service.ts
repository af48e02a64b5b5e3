import type { Handlers, ServerCall } from "@jumpstarter/lib/rpc";
import { matchesLabels, parseSelector } from "@jumpstarter/lib/lease";
import type { client, ClientService, Init } from "@jumpstarter/proto";
import { checkNamespace } from "../auth/mod.ts";
import { exporterMessage } from "./exporter_message.ts";
import type { Lab } from "./lab.ts";
import { createLease, deleteLease, getLease, listLeases, updateLease } from "./lease_calls.ts";
import { parseNamespace, parseResource } from "./resource_name.ts";
import { toWire } from "./wire_time.ts";

/** Serves `ClientService`. */
export function clientService(lab: Lab): Handlers<ClientService> {
  return {
    getExporter: (request, call) => getExporter(lab, request, call),
    listExporters: (request, call) => listExporters(lab, request, call),
    getLease: (request, call) => getLease(lab, request, call),
    listLeases: (request, call) => listLeases(lab, request, call),
    createLease: (request, call) => createLease(lab, request, call),
    updateLease: (request, call) => updateLease(lab, request, call),
    deleteLease: (request, call) => deleteLease(lab, request, call),
    rotateToken: (request, call) => rotateToken(lab, request, call),
  };
}

async function getExporter(
  { callers, store, settings }: Lab,
  request: client.GetExporterRequest,
  call: ServerCall,
): Promise<Init<client.Exporter>> {
  const { namespace, name } = parseResource(request.name, "exporters");
  checkNamespace(namespace, await callers.client(call));
  const exporter = await store.exporters.get(namespace, name);
  return exporterMessage(exporter, settings, request.showHiddenLabels);
}

async function listExporters(
  { callers, store, settings }: Lab,
  { parent, pageSize, pageToken, filter, showHiddenLabels }: client.ListExportersRequest,
  call: ServerCall,
): Promise<Init<client.ListExportersResponse>> {
  const namespace = parseNamespace(parent);
  checkNamespace(namespace, await callers.client(call));
  const selector = parseSelector(filter);
  const page = await store.exporters.list({
    namespace,
    labels: (labels) => matchesLabels(selector, labels),
    limit: Math.max(pageSize, 0),
    continue: pageToken || undefined,
  });
  return {
    exporters: page.items.map((exporter) => exporterMessage(exporter, settings, showHiddenLabels)),
    nextPageToken: page.continue ?? "",
  };
}

async function rotateToken(
  { callers, credentials }: Lab,
  { parent }: client.RotateTokenRequest,
  call: ServerCall,
): Promise<Init<client.RotateTokenResponse>> {
  const namespace = parseNamespace(parent);
  const caller = await callers.client(call);
  checkNamespace(namespace, caller);
  const { token, expires } = await credentials.rotate("Client", caller);
  return { token, expiry: toWire(expires) };
}
