import assert from "node:assert/strict";
import { PowerClient } from "@jumpstarter/drivers/power";
import { parseExporterFile } from "@jumpstarter/lib/config";
import { type Endpoint, formatEndpoint } from "@jumpstarter/lib/rpc";
import { serveDirect } from "../../exporter/direct/serve.ts";
import { types } from "../../tests/support/exporter_file.ts";
import { direct } from "./direct.ts";

/** Serves a power switch in the network, from a hook on. */
async function serve(beforeLease?: { script: string; onFailure?: string }, passphrase?: string) {
  const text = JSON.stringify({
    metadata: { namespace: "lab", name: "bench" },
    motd: "Bench 7",
    hooks: beforeLease === undefined ? {} : { beforeLease: { timeout: 20, ...beforeLease } },
    export: { power: { type: types.power } },
  });
  const told = new AbortController();
  const serving = Promise.withResolvers<Endpoint>();
  const ended = serveDirect(await parseExporterFile("bench.yaml", text), {
    listener: {
      endpoint: { kind: "tcp", hostname: "127.0.0.1", port: 0 },
      ...(passphrase === undefined ? {} : { passphrase }),
    },
    log: () => {},
    signal: told.signal,
    ending: { insisted: told.signal, postpone() {} },
    onServing: ({ endpoint }) => serving.resolve(endpoint),
  });
  ended.catch(serving.reject);
  return {
    address: formatEndpoint(await serving.promise),
    async [Symbol.asyncDispose]() {
      told.abort();
      await ended;
    },
  };
}

Deno.test("direct() opens the board of an exporter in the network, typed by its shape", async () => {
  await using exporter = await serve(undefined, "sesame");
  const options = { insecure: true, passphrase: "sesame" };
  await using board = await direct(exporter.address, { power: PowerClient }, options);
  await board.power.on();
  await assert.rejects(direct(exporter.address, {}, { insecure: true }), {
    code: "connection",
    message: "Authentication failed: invalid or missing passphrase",
  });
});

Deno.test("direct() waits for the hook that prepares the board, and has its words", async () => {
  await using exporter = await serve({ script: 'sleep 0.4; echo "Rack 4" >"$JMP_MOTD_FILE"' });
  await using board = await direct(exporter.address, { power: PowerClient }, { insecure: true });
  await board.power.on();
  assert.equal(board.motd, "Bench 7\nRack 4");
});

Deno.test("direct() passes on what the exporter warns of", async () => {
  await using exporter = await serve({ script: "exit 3", onFailure: "warn" });
  const warnings: string[] = [];
  const options = { insecure: true, onWarning: (warning: string) => void warnings.push(warning) };
  await using _board = await direct(exporter.address, {}, options);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /^beforeLease hook .*exit code 3/);
});

Deno.test("direct() says why there is no board", async () => {
  await using exporter = await serve({ script: "exit 3", onFailure: "endLease" });
  await assert.rejects(direct(exporter.address, {}, { insecure: true }), {
    code: "not_ready",
    message: /^beforeLease hook failed .*exit code 3; /,
  });
});

Deno.test("direct() waits as long as it is told to, and no longer than its signal", async () => {
  await using exporter = await serve({ script: "sleep 10" });
  const options = { insecure: true, readyTimeout: 200 };
  await assert.rejects(direct(exporter.address, {}, options), {
    code: "timeout",
    message: /it is BEFORE_LEASE_HOOK: Running beforeLease hook$/,
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const aborter = new AbortController();
  const waiting = direct(exporter.address, {}, { insecure: true, signal: aborter.signal });
  setTimeout(resolve, 200);
  await promise;
  aborter.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
});

Deno.test("direct() gives a server up that takes connections and says nothing", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${listener.addr.port}`;
  await assert.rejects(direct(address, {}, { insecure: true, timeout: 300 }), {
    code: "connection",
    message: /^Exporter did not respond .*\(Caused by: no answer in time\); is an exporter running/,
  });
});

Deno.test("direct() takes HOST:PORT only", async () => {
  for (const endpoint of ["", "bench.lab", "bench.lab:0", "/run/socket", "unix:/run/socket"]) {
    await assert.rejects(direct(endpoint), { code: "usage", message: /is not HOST:PORT/ });
  }
});
