import type { Change, ChangeKind } from "@jumpstarter/lib/lease";
import type { AuditLog } from "../audit/mod.ts";

/** What is kept of the changes of leases. */
const TOLD: Readonly<Partial<Record<ChangeKind, string>>> = {
  granted: "lease granted",
  ended: "lease ended",
  refused: "lease refused",
};

/** Keeps what became of a lease. */
export function auditLease(audit: AuditLog, { kind, after }: Change): void {
  const message = TOLD[kind];
  if (message === undefined) return;
  const { metadata: { name }, spec: { clientRef }, status } = after;
  audit.add({
    severity: kind === "refused" ? "warning" : "info",
    message,
    lease: name,
    client: clientRef.name,
    exporter: status?.exporterRef?.name ?? "",
  });
}
