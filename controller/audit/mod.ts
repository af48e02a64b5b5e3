/**
 * What happened in a lab, kept and queryable.
 *
 * @module
 */
export {
  AUDIT_FIELDS,
  type AuditEntry,
  type AuditField,
  type AuditQuery,
  type KeptEntry,
} from "./audit_entry.ts";
export { type AuditLimits, AuditLog } from "./audit_log.ts";
