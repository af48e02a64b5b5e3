import {
  AuditStreamRequest,
  client,
  type Condition,
  DialRequest,
  DialResponse,
  ExporterStatus,
  GetLeaseResponse,
  GetServiceEndpointsResponse,
  type Init,
  ListenRequest,
  ListenResponse,
  PushLogsRequest,
  PushLogsResponse,
  RegisterRequest,
  ReportStatusRequest,
  RequestLeaseRequest,
  StatusResponse,
  UnregisterRequest,
} from "./mod.ts";
import { D, P, T, vectors, X } from "./vector_support.ts";

const controllerVector = vectors("[wire 10.6]");
const clientVector = vectors("[wire 10.7]");
const telemetryVector = vectors("[wire 10.8]");

const READY: Init<Condition> = {
  type: "Ready",
  status: "True",
  observedGeneration: 1,
  lastTransitionTime: { seconds: T, nanos: 0 },
  reason: "Ready",
  message: "ok",
};

controllerVector(
  "one driver",
  RegisterRequest,
  {
    labels: { "jumpstarter.dev/name": "exp" },
    reports: [{ uuid: P, labels: { "jumpstarter.dev/client": "a.B" } }],
  },
  "0a1b0a146a756d70737461727465722e6465762f6e616d65120365787012450a2432323232323232322d323232322d343232322d383232322d3232323232323232323232321a1d0a166a756d70737461727465722e6465762f636c69656e741203612e42",
);
controllerVector("reason", UnregisterRequest, { reason: "bye" }, "1203627965");
controllerVector(
  "available",
  ReportStatusRequest,
  { status: ExporterStatus.AVAILABLE, message: "up" },
  "080212027570",
);
controllerVector("empty message", ReportStatusRequest, {
  status: ExporterStatus.LEASE_READY,
  message: "",
}, "08041200");
controllerVector("releases the lease", ReportStatusRequest, {
  status: ExporterStatus.AFTER_LEASE_HOOK,
  message: "x",
  releaseLease: true,
}, "08051201781801");
controllerVector("not leased", StatusResponse, {}, "");
controllerVector(
  "leased",
  StatusResponse,
  { leased: true, leaseName: "L1", clientName: "cli" },
  "080112024c311a03636c69",
);
controllerVector("leased with context", StatusResponse, {
  leased: true,
  leaseName: "L1",
  clientName: "cli",
  context: { build_id: "42" },
}, "080112024c311a03636c69220e0a086275696c645f696412023432");
for (const codec of [ListenRequest, DialRequest]) {
  controllerVector("lease", codec, { leaseName: "L1" }, "0a024c31");
}
for (const codec of [ListenResponse, DialResponse]) {
  controllerVector(
    "router",
    codec,
    { routerEndpoint: "router-0.example.com:443", routerToken: "t.o.k" },
    "0a18726f757465722d302e6578616d706c652e636f6d3a3434331205742e6f2e6b",
  );
}
controllerVector(
  "record",
  AuditStreamRequest,
  { exporterUuid: X, driverInstanceUuid: D, severity: "INFO", message: "hi" },
  "0a2433333333333333332d333333332d343333332d383333332d333333333333333333333333122431313131313131312d313131312d343131312d383131312d3131313131313131313131311a04494e464f22026869",
);
controllerVector("selector", RequestLeaseRequest, {
  duration: { seconds: 1800 },
  selector: {
    matchLabels: { a: "b" },
    matchExpressions: [{ key: "k", operator: "In", values: ["v1", "v2"] }],
  },
}, "0a0308880e12190a0f0a016b1202496e1a0276311a02763212060a0161120162");
controllerVector(
  "ready",
  GetLeaseResponse,
  {
    duration: { seconds: 1800 },
    selector: { matchLabels: { a: "b" } },
    beginTime: { seconds: T },
    exporterUuid: X,
    conditions: [READY],
  },
  "0a0308880e120812060a01611201621a060880e2cfaa062a2433333333333333332d333333332d343333332d383333332d33333333333333333333333332240a055265616479120454727565180122080880e2cfaa0610002a05526561647932026f6b",
);
controllerVector("one collector", GetServiceEndpointsResponse, {
  telemetryEndpoints: [{ endpoint: "jumpstarter-telemetry.ns:9093", minSeverity: "info" }],
}, "0a250a1d6a756d70737461727465722d74656c656d657472792e6e733a393039331a04696e666f");
clientVector("empty exporter name", client.CreateLeaseRequest, {
  parent: "namespaces/ns",
  lease: { selector: "a=b", duration: { seconds: 60 }, exporterName: "" },
}, "0a0d6e616d657370616365732f6e731a0b1203613d621a02083c6200");
clientVector(
  "all kinds of wishes",
  client.CreateLeaseRequest,
  {
    parent: "namespaces/ns",
    leaseId: "my-lease",
    lease: {
      duration: { seconds: 1800 },
      beginTime: { seconds: T },
      exporterName: "exp1",
      tags: { team: "qa" },
      allowDisabled: true,
      context: { build_id: "42" },
    },
  },
  "0a0d6e616d657370616365732f6e7312086d792d6c656173651a311a0308880e2a060880e2cfaa066204657870316a0a0a047465616d1202716170017a0e0a086275696c645f696412023432",
);
for (const codec of [client.GetLeaseRequest, client.DeleteLeaseRequest]) {
  clientVector(
    "path",
    codec,
    { name: "namespaces/ns/leases/L1" },
    "0a176e616d657370616365732f6e732f6c65617365732f4c31",
  );
}
clientVector("active only", client.ListLeasesRequest, {
  parent: "namespaces/ns",
  pageSize: 100,
  onlyActive: true,
}, "0a0d6e616d657370616365732f6e7310642801");
clientVector("ended too", client.ListLeasesRequest, {
  parent: "namespaces/ns",
  pageSize: 100,
  onlyActive: false,
}, "0a0d6e616d657370616365732f6e7310642800");
clientVector("duration", client.UpdateLeaseRequest, {
  lease: { name: "namespaces/ns/leases/L1", duration: { seconds: 3600 } },
  updateMask: { paths: ["duration"] },
}, "0a1e0a176e616d657370616365732f6e732f6c65617365732f4c311a0308901c120a0a086475726174696f6e");
clientVector(
  "active",
  client.Lease,
  {
    name: "namespaces/ns/leases/L1",
    selector: "a=b",
    duration: { seconds: 60 },
    effectiveBeginTime: { seconds: T },
    client: "namespaces/ns/clients/cli",
    exporter: "namespaces/ns/exporters/exp",
    conditions: [READY],
  },
  "0a176e616d657370616365732f6e732f6c65617365732f4c311203613d621a02083c32060880e2cfaa064a196e616d657370616365732f6e732f636c69656e74732f636c69521b6e616d657370616365732f6e732f6578706f72746572732f6578705a240a055265616479120454727565180122080880e2cfaa0610002a05526561647932026f6b",
);
clientVector("enabled", client.Exporter, {
  name: "namespaces/ns/exporters/exp",
  labels: { a: "b" },
  online: true,
  status: ExporterStatus.AVAILABLE,
  enabled: true,
}, "0a1b6e616d657370616365732f6e732f6578706f72746572732f65787012060a0161120162180120023001");
clientVector(
  "not enabled",
  client.Exporter,
  { name: "namespaces/ns/exporters/exp", enabled: false },
  "0a1b6e616d657370616365732f6e732f6578706f72746572732f6578703000",
);
clientVector(
  "token",
  client.RotateTokenResponse,
  { token: "jwt", expiry: { seconds: T } },
  "0a036a777412060880e2cfaa06",
);
telemetryVector("one entry", PushLogsRequest, {
  entries: [{
    timestamp: { seconds: T },
    severity: "info",
    message: "m",
    component: "exporter",
    exporter: "exp",
  }],
}, "0a200a060880e2cfaa061204696e666f1a016d22086578706f727465722a03657870");
telemetryVector("one taken", PushLogsResponse, { accepted: 1 }, "0801");
