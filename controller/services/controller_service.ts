import type { Handlers } from "@jumpstarter/lib/rpc";
import type { ControllerService } from "@jumpstarter/proto";
import { auditStream } from "./audit_calls.ts";
import { dial } from "./dial.ts";
import { listen, register, reportStatus, status, unregister } from "./exporter_calls.ts";
import type { Lab } from "./lab.ts";
import {
  getLegacyLease,
  listLegacyLeases,
  releaseLegacyLease,
  requestLegacyLease,
} from "./legacy_leases.ts";
import { telemetryEndpoints } from "./telemetry.ts";

/** Serves `ControllerService`. */
export function controllerService(lab: Lab): Handlers<ControllerService> {
  return {
    register: (request, call) => register(lab, request, call),
    unregister: (request, call) => unregister(lab, request, call),
    reportStatus: (request, call) => reportStatus(lab, request, call),
    listen: (request, call) => listen(lab, request, call),
    status: (_request, call) => status(lab, call),
    dial: (request, call) => dial(lab, request, call),
    auditStream: (messages, call) => auditStream(lab, messages, call),
    getLease: (request, call) => getLegacyLease(lab, request, call),
    requestLease: (request, call) => requestLegacyLease(lab, request, call),
    releaseLease: (request, call) => releaseLegacyLease(lab, request, call),
    listLeases: (_request, call) => listLegacyLeases(lab, call),
    getServiceEndpoints: async (_request, call) => {
      await lab.callers.exporter(call);
      return { telemetryEndpoints: telemetryEndpoints(lab) };
    },
  };
}
