import { conditionOf } from "@jumpstarter/lib/lease";
import type { Happening } from "../events/mod.ts";
import type { Client } from "../store/mod.ts";

const component = "client-controller";

/** What happened to a client between two writes of its status. */
export function clientEvents(before: Client, after: Client): Happening[] {
  const credential = after.status?.credential?.name;
  const expiring = conditionOf(after, "TokenExpiring");
  const events: Happening[] = [];
  if (before.status?.credential === undefined && credential !== undefined) {
    const message = `The token is in the Secret ${credential}`;
    events.push({ type: "Normal", reason: "CredentialCreated", message, component });
  }
  if (expiring?.status === "True" && conditionOf(before, "TokenExpiring")?.status !== "True") {
    const message = expiring.message ?? "";
    events.push({ type: "Warning", reason: "TokenExpiringSoon", message, component });
  }
  return events;
}
