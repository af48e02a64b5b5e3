import * as assert from "node:assert/strict";
import { ControllerService, type Init, type LogEntry, TelemetryService } from "@jumpstarter/proto";
import { TestLab } from "../../tests/support/lab.ts";
import { refused } from "../../tests/support/lab_calls.ts";
import { signClaims } from "../auth/token.ts";
import { loadKeys } from "./keys.ts";

const ON = { settings: { telemetry: { minSeverity: "info" } } } as const;

/** What the log has of the records of exporters. */
function records({ log }: TestLab): string[] {
  return log.filter((line) => line.includes('"component":"telemetry"'));
}

Deno.test("exporters are told where their records are taken [controller 86]", async () => {
  await using lab = await TestLab.start(ON);
  const member = await lab.exporter("e1");
  using exporter = lab.connect(member);
  const asked = async () =>
    (await exporter.unary(ControllerService.getServiceEndpoints, {})).telemetryEndpoints;
  const { endpoint, identity } = lab.controller;
  assert.deepEqual(await asked(), [{ endpoint, certificate: identity.ca, minSeverity: "info" }]);
  const elsewhere = {
    endpoint: "logs.test:9093",
    certificate: "PEM",
    minSeverity: "error",
  } as const;
  const settings = { issuers: [], provisioning: false, maxTags: 10, hiddenLabels: [] };
  const others = { deprecatedLabels: {}, routers: [] };
  await lab.controller.use({ ...settings, ...others, telemetry: elsewhere });
  assert.deepEqual(await asked(), [elsewhere]);
  await lab.controller.use({ ...settings, ...others });
  assert.deepEqual(await asked(), []);
  await refused(
    exporter.unary(TelemetryService.pushLogs, {}),
    "UNIMPLEMENTED",
    /^telemetry is off/,
  );
});

Deno.test("records are taken from exporters alone, with tokens of ours [controller 121]", async () => {
  await using lab = await TestLab.start(ON);
  const [member, client] = [await lab.exporter("e1"), await lab.client("c1")];
  const { issuer: { privateKey } } = await loadKeys(lab.store, "lab", undefined);
  const signed = (sub: string) => {
    const time = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: "https://localhost:8085",
      aud: ["jumpstarter"],
      iat: time,
      exp: time + 60,
    };
    return signClaims({ ...claims, sub }, privateKey, "ES256");
  };
  for (
    const [token, status, details] of [
      ["", "UNAUTHENTICATED", /^missing authorization header$/],
      ["garbage", "UNAUTHENTICATED", /^invalid token: /],
      [client.token, "PERMISSION_DENIED", /^token is not an exporter token$/],
      [await signed("exporter:lab:e1"), "PERMISSION_DENIED", /^token is not an exporter token$/],
      [
        await signed("exporter::e1:1"),
        "PERMISSION_DENIED",
        /^token has incomplete exporter identity$/,
      ],
      [
        await signed("exporter:lab::1"),
        "PERMISSION_DENIED",
        /^token has incomplete exporter identity$/,
      ],
    ] as const
  ) {
    using stranger = lab.connect({ ...member, token });
    await refused(stranger.unary(TelemetryService.pushLogs, {}), status, details);
  }
  assert.deepEqual(records(lab), []);
  assert.ok(lab.log.every((line) => !line.includes(client.token)));
});

Deno.test("records are told under their exporter's name, within bounds [controller 121]", async () => {
  await using lab = await TestLab.start(ON);
  using exporter = lab.connect(await lab.exporter("e1"));
  const push = (...entries: Init<LogEntry>[]) =>
    exporter.unary(TelemetryService.pushLogs, { entries });
  const count = (accepted: number, dropped: number) => ({ accepted, dropped });
  assert.deepEqual(
    await push({ exporter: "e2" }, { exporter: "e1", namespace: "other" }, { message: "hi" }),
    count(1, 2),
  );
  assert.deepEqual(records(lab), [
    'INFO hi {"component":"telemetry","exporter":"e1","namespace":"lab","level":""}',
  ]);
  assert.deepEqual(await push(...Array.from({ length: 501 }, () => ({}))), count(500, 1));
  lab.log.length = 0;
  const extra = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`k${index + 10}`, "v"]),
  );
  await push({
    timestamp: { seconds: 1_700_000_000, nanos: 0 },
    severity: "critical",
    message: "it burns",
    lease: "l1",
    client: "c1",
    operation: "on",
    result: "ok",
    driverType: "Power",
    extraFields: {
      component: "forged",
      time: "forged",
      ["a".repeat(63) + "ä"]: "ä".repeat(200),
      ...extra,
    },
  });
  const [, text] = /^ERROR it burns (.*)$/.exec(records(lab)[0]!)!;
  const { ["a".repeat(63)]: long, ...fields } = JSON.parse(text!);
  assert.equal(long, "ä".repeat(128));
  assert.deepEqual(fields, {
    component: "telemetry",
    exporter: "e1",
    namespace: "lab",
    level: "critical",
    ts: "2023-11-14T22:13:20Z",
    lease: "l1",
    client: "c1",
    operation: "on",
    result: "ok",
    driver_type: "Power",
    ...Object.fromEntries(Object.entries(extra).slice(0, 15)),
  });
  await push({ timestamp: { seconds: Number.MAX_SAFE_INTEGER, nanos: 0 }, message: "of no time" });
});
