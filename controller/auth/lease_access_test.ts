import assert from "node:assert/strict";
import {
  checkDial,
  checkHolder,
  checkListen,
  checkOwner,
  type LeaseClaim,
} from "./lease_access.ts";
import { callingKind } from "./metadata.ts";

function lease(status?: LeaseClaim["status"]): LeaseClaim {
  return {
    metadata: { name: "l1" },
    spec: { clientRef: { name: "c1" } },
    ...status && { status },
  };
}

const HELD = lease({ ended: false, exporterRef: { name: "e1" } });
const ENDED = lease({ ended: true, exporterRef: { name: "e1" } });

Deno.test("only the owner dials a lease, while it has an exporter and has not ended", () => {
  assert.deepEqual(checkDial(HELD, "c1"), { exporter: "e1" });
  const rows: [LeaseClaim, string, string][] = [
    [HELD, "c2", "permission denied"],
    [ENDED, "c2", "permission denied"],
    [lease(), "c1", "lease not active"],
    [lease({ ended: true }), "c1", "lease not active"],
    [ENDED, "c1", "lease l1 has ended"],
  ];
  for (const [of, client, details] of rows) {
    assert.throws(() => checkDial(of, client), { status: "UNKNOWN", details });
  }
});

Deno.test("only the exporter that holds a lease listens, until the lease ends", () => {
  checkListen(HELD, "e1");
  const rows: [LeaseClaim, string, string][] = [
    [HELD, "e2", "permission denied"],
    [lease(), "e1", "permission denied"],
    [lease({ ended: false }), "e1", "permission denied"],
    [ENDED, "e1", "lease l1 has ended"],
  ];
  for (const [of, exporter, details] of rows) {
    assert.throws(() => checkListen(of, exporter), { status: "UNKNOWN", details });
  }
});

Deno.test("owners change their leases, and holders release them", () => {
  for (const method of ["GetLease", "ReleaseLease", "UpdateLease", "DeleteLease"] as const) {
    checkOwner(method, ENDED, "c1");
    assert.throws(() => checkOwner(method, HELD, "c2"), {
      status: "UNKNOWN",
      details: `${method} permission denied`,
    });
  }
  checkHolder(ENDED, "e1");
  for (const [of, exporter] of [[HELD, "e2"], [lease(), "e1"]] as const) {
    assert.throws(() => checkHolder(of, exporter), {
      status: "FAILED_PRECONDITION",
      details: `lease l1 is not held by exporter ${exporter}`,
    });
  }
});

Deno.test("who releases is an exporter only when it says so once", () => {
  const rows: [string[], string][] = [
    [["Exporter"], "Exporter"],
    [["Client"], "Client"],
    [["exporter"], "Client"],
    [["Exporter", "Exporter"], "Client"],
    [["Exporter, Exporter"], "Client"],
    [[], "Client"],
  ];
  for (const [kinds, expected] of rows) {
    assert.equal(callingKind((key) => key === "jumpstarter-kind" ? kinds : []), expected);
  }
});
