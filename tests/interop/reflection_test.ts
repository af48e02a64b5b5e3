/** What a stock gRPC client learns from our controller and router without knowing anything. */
import * as assert from "node:assert/strict";
import { TestLab } from "../support/lab.ts";
import { repoPath, run } from "../support/programs.ts";
import { peer } from "./peer.ts";

/** The methods of each service, as the peer's generated code has them. */
const SERVICES = {
  controller: {
    "grpc.health.v1.Health": "Check",
    "grpc.reflection.v1.ServerReflection": "ServerReflectionInfo",
    "grpc.reflection.v1alpha.ServerReflection": "ServerReflectionInfo",
    "jumpstarter.client.v1.ClientService":
      "GetExporter ListExporters GetLease ListLeases CreateLease UpdateLease DeleteLease RotateToken",
    "jumpstarter.v1.ControllerService":
      "Register Unregister ReportStatus Listen Status Dial AuditStream GetLease RequestLease " +
      "ReleaseLease ListLeases GetServiceEndpoints",
    "jumpstarter.v1.TelemetryService": "PushLogs",
  },
  router: {
    "grpc.health.v1.Health": "Check",
    "grpc.reflection.v1.ServerReflection": "ServerReflectionInfo",
    "grpc.reflection.v1alpha.ServerReflection": "ServerReflectionInfo",
    "jumpstarter.v1.RouterService": "Stream",
  },
};

Deno.test("a stock client lists, describes and calls what it did not know [controller 119]", async () => {
  await using lab = await TestLab.start();
  const { python } = await peer();
  const { identity, endpoint, routerEndpoint } = lab.controller;
  for (const [at, wanted] of [[endpoint, SERVICES.controller], [routerEndpoint, SERVICES.router]]) {
    const script = repoPath("tests/interop/reflection.py");
    const { status, stdout, stderr } = await run([python, script, at as string, identity.caFile]);
    assert.equal(status, 0, stderr);
    const lines = Object.entries(wanted!).map(([name, methods]) => `${name} ${methods}`);
    assert.deepEqual(stdout.trim().split("\n"), [...lines, "status: SERVING"]);
  }
});
