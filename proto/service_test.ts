import assert from "node:assert/strict";
import {
  ClientService,
  ControllerService,
  Empty,
  ExporterService,
  GetReportResponse,
  type Method,
  RouterService,
  type ServiceDefinition,
  TelemetryService,
} from "./mod.ts";

const SERVICES: Record<string, ServiceDefinition> = {
  "jumpstarter.client.v1.ClientService": ClientService,
  "jumpstarter.v1.ControllerService": ControllerService,
  "jumpstarter.v1.ExporterService": ExporterService,
  "jumpstarter.v1.RouterService": RouterService,
  "jumpstarter.v1.TelemetryService": TelemetryService,
};

Deno.test("every method has the path of its service and name", () => {
  for (const [service, methods] of Object.entries(SERVICES)) {
    for (const [name, { path }] of Object.entries(methods)) {
      assert.equal(path, `/${service}/${name.charAt(0).toUpperCase()}${name.slice(1)}`);
    }
  }
});

Deno.test("the methods that stream are these", () => {
  const streaming = Object.values(SERVICES).flatMap((methods) => Object.values(methods))
    .filter((method) => method.requestStream || method.responseStream)
    .map(({ path, requestStream, responseStream }) =>
      `${path.replace(/.*[.]/, "")} ${requestStream ? "many" : "one"}-${
        responseStream ? "many" : "one"
      }`
    );
  assert.deepEqual(streaming.sort(), [
    "ControllerService/AuditStream many-one",
    "ControllerService/Listen one-many",
    "ControllerService/Status one-many",
    "ExporterService/LogStream one-many",
    "ExporterService/StreamingDriverCall one-many",
    "RouterService/Stream many-many",
  ]);
});

Deno.test("a method knows the types of its messages", () => {
  const method: Method<Empty, GetReportResponse> = ExporterService.getReport;
  assert.equal(method.request, Empty);
  assert.equal(method.response, GetReportResponse);
  const stream: true = RouterService.stream.responseStream;
  assert.equal(stream, true);
});
