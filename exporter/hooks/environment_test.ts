import assert from "node:assert/strict";
import { hookEnvironment } from "./environment.ts";

const BASE = { PATH: "/bin", TERM: "xterm", PS1: "$ ", JMP_MOTD_FILE: "/old", JMP_LEASE: "outer" };
const CONTEXT = { host: "/run/hook", leaseName: "lease-1", clientName: "anna", motdFile: "/m" };
const COMMON = {
  PATH: "/bin",
  JMP_LEASE: "outer",
  JUMPSTARTER_HOST: "/run/hook",
  JMP_DRIVERS_ALLOW: "UNSAFE",
  LEASE_NAME: "lease-1",
  CLIENT_NAME: "anna",
  TERM: "dumb",
  DEBIAN_FRONTEND: "noninteractive",
  GIT_TERMINAL_PROMPT: "0",
};

Deno.test("a beforeLease hook has the exporter's environment with the lease, and no prompt", () => {
  assert.deepEqual(hookEnvironment(BASE, { phase: "beforeLease", ...CONTEXT }), {
    ...COMMON,
    JMP_MOTD_FILE: "/m",
  });
});

Deno.test("an afterLease hook has no file for a message, not even an inherited one", () => {
  assert.deepEqual(hookEnvironment(BASE, { phase: "afterLease", ...CONTEXT }), COMMON);
});
