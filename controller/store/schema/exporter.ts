import { EXPORTER_STATUSES } from "@jumpstarter/lib/lease";
import { CONDITIONS, FLAG, reference, TIME, whole } from "./common.ts";
import { array, map, object, type Schema, text } from "./schema.ts";

/** What an Exporter looks like. */
export const EXPORTER: Schema = whole(
  "A device under test that can be leased.",
  object({
    enabled: { ...FLAG, default: true, description: "Whether new leases may be given it." },
    username: text("The name the exporter has with an external issuer."),
  }, { default: {} }),
  object({
    conditions: CONDITIONS,
    credential: reference("The Secret that holds the token."),
    devices: array(
      object({ labels: map(text()), parent_uuid: text(), uuid: text() }),
      { description: "The driver instances; absent while the exporter is not registered." },
    ),
    endpoint: text("The controller's public endpoint."),
    exporterStatus: text("What the exporter last reported.", { enum: EXPORTER_STATUSES }),
    lastSeen: { ...TIME, description: "When the exporter was last heard of." },
    leaseRef: reference("The lease that has the exporter now."),
    statusMessage: text("What the exporter said about its status."),
  }),
);
