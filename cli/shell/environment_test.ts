import assert from "node:assert/strict";
import { childEnvironment } from "./environment.ts";

const session = { host: "/run/socket", bin: "/run/bin", variables: {} };
const common = {
  JMP_DRIVERS_ALLOW: "UNSAFE",
  JUMPSTARTER_HOST: "/run/socket",
  _JMP_SUPPRESS_DRIVER_WARNINGS: "1",
};

Deno.test("a shell's child has our environment and the session, without a lease around it [client 76]", () => {
  const own = { HOME: "/home/me", PATH: "/bin", JMP_DRIVERS_ALLOW: "x", JUMPSTARTER_HOST: "h:1" };
  const lease = {
    JMP_LEASE: "lease",
    JMP_EXPORTER: "other",
    JMP_EXPORTER_LABELS: "a=b",
    JMP_GRPC_PASSPHRASE: "for h:1",
  };
  assert.deepEqual(childEnvironment(session, { ...own, ...lease }), {
    ...common,
    HOME: "/home/me",
    PATH: "/run/bin:/bin",
  });
});

Deno.test("variables of a session are added, and taken away", () => {
  const variables = { JMP_LEASE: "direct", JMP_GRPC_INSECURE: undefined };
  const own = { JMP_GRPC_INSECURE: "1", JMP_LEASE: "lease" };
  assert.deepEqual(childEnvironment({ ...session, variables }, own), {
    ...common,
    JMP_LEASE: "direct",
    PATH: "/run/bin:/usr/bin:/bin",
  });
});
