import type { MessageStream, ServerCall } from "@jumpstarter/lib/rpc";
import type { AuditStreamRequest } from "@jumpstarter/proto";
import type { Lab } from "./lab.ts";

/** Serves `AuditStream`: keeps what an exporter tells, under its own name and its lease of now. */
export async function auditStream(
  lab: Lab,
  messages: Pick<MessageStream<AuditStreamRequest, never>, "read">,
  call: ServerCall,
): Promise<Record<never, never>> {
  const { metadata: { name } } = await lab.callers.exporter(call);
  for (let told = await messages.read(); told !== null; told = await messages.read()) {
    const holder = lab.view.holderOf(name);
    lab.audit.add({
      severity: told.severity || "info",
      message: told.message,
      exporter: name,
      driver: told.driverInstanceUuid,
      lease: holder?.metadata.name ?? "",
      client: holder?.spec.clientRef.name ?? "",
    });
  }
  return {};
}
