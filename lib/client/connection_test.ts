import assert from "node:assert/strict";
import { ExporterService } from "@jumpstarter/proto";
import { type Endpoint, RpcError, RpcServer, type StatusName } from "@jumpstarter/lib/rpc";
import { connect } from "./env.ts";

const loopback = { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const;

/** An exporter that answers its first call with a status; a report without drivers for none. */
async function exporter(status: StatusName | undefined) {
  const server = new RpcServer();
  server.add(ExporterService, {
    getReport(_, call) {
      if (status === undefined) {
        return new Promise((resolve) => call.signal.onabort = () => resolve({}));
      }
      throw new RpcError(status, "so it says");
    },
  });
  const endpoint = await server.listen(loopback);
  return { endpoint, [Symbol.asyncDispose]: () => server.close() };
}

const open = (endpoint: Endpoint, options = {}) => connect(endpoint, {}, options);

/** A status of the first call, and the error that scripts get. */
const answers: [StatusName, { code: string; message: RegExp }][] = [
  ["UNAVAILABLE", { code: "connection", message: /^no exporter answers at 127.*\(so it says\)/ }],
  ["DEADLINE_EXCEEDED", { code: "connection", message: /^no exporter answers at 127/ }],
  ["UNAUTHENTICATED", { code: "connection", message: /^Authentication failed: so it says$/ }],
  ["UNIMPLEMENTED", { code: "not_implemented", message: /^the exporter's report: so it says$/ }],
  ["INTERNAL", { code: "driver", message: /^the exporter's report: so it says$/ }],
];

for (const [status, error] of answers) {
  Deno.test(`a first call that ends with ${status} is told as that [client 105]`, async () => {
    await using there = await exporter(status);
    await assert.rejects(open(there.endpoint), error);
  });
}

Deno.test("an exporter that is not there, or does not answer in time, cannot be reached [client 105]", async () => {
  await using silent = await exporter(undefined);
  const unreachable = { code: "connection", message: /^no exporter answers at / };
  await assert.rejects(open(silent.endpoint, { timeout: 50 }), unreachable);
  await assert.rejects(open({ kind: "unix", path: "/nonexistent/socket" }), unreachable);
});

Deno.test("connecting ends with its signal", async () => {
  await using silent = await exporter(undefined);
  const aborter = new AbortController();
  const connecting = open(silent.endpoint, { signal: aborter.signal });
  aborter.abort();
  await assert.rejects(connecting, /Cancelled on client/);
});
