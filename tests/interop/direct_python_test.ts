import assert from "node:assert/strict";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmp, jmpCommand, tempDir } from "../support/programs.ts";
import { start, within } from "../support/running.ts";
import { peer } from "./peer.ts";

const SECRET = "open-sesame";
/** What a shell has to end when its exporter is gone, milliseconds; the machine may be busy. */
const SOON = 10_000;

Deno.test("our shell works on a Python exporter in the network, from its hook to its end [client 78, 80, 81]", async () => {
  await using dir = await tempDir();
  const hook = (script: string) => ({ script, timeout: 20 });
  const hooks = {
    beforeLease: hook("echo at it; sleep 2; echo prepared"),
    afterLease: hook("echo cleaned"),
  };
  const file = await writeExporter(dir.path, { power: { type: types.power } }, { hooks });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${listener.addr.port}`;
  listener.close();
  const options = ["--tls-grpc-insecure", "--passphrase", SECRET];
  const listen = ["run", "--exporter-config", file, "--tls-grpc-listener", address];
  await using exporter = start([(await peer()).jmp, ...listen, ...options]);
  await exporter.shown(/at it/);
  const shell = ["shell", "--tls-grpc", address, ...options];

  const first = await jmp([...shell, "--exporter-logs", "--", "sh", "-c", "j power on; exit 9"]);
  assert.equal(first.status, 9, first.stderr);
  assert.match(
    first.stderr,
    /at it\n(.*\n)*.*\[exporter:beforeLease\] prepared\n(.*\n)*.*power on$/m,
  );

  const wrong = await jmp(["shell", "--tls-grpc", address, "--tls-grpc-insecure", "--", "true"]);
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /^error: Authentication failed: invalid or missing passphrase$/m);

  const tls = await jmp(["shell", "--tls-grpc", address, "--passphrase", SECRET, "--", "true"]);
  assert.equal(tls.status, 1);
  assert.match(tls.stderr, /it does not speak TLS/);

  await using last = start(jmpCommand(...shell, "--", "sh", "-c", "echo in; exec sleep 30"));
  await last.shown(/^in$/m);
  exporter.kill("SIGTERM");
  const { status, stderr } = await within(SOON, last.finished);
  assert.equal(status, 1);
  assert.match(stderr, /\[exporter:afterLease\] cleaned\n(.*\n)*error: the exporter .*went away$/m);
});
