import * as assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { parse } from "yaml";
import { controllerCommand, tempDir } from "../tests/support/programs.ts";
import { start } from "../tests/support/running.ts";
import { AuditLog } from "./audit/mod.ts";
import { serveAdministration } from "./administration.ts";
import { loadIdentity } from "./services/mod.ts";
import { openSqliteStore } from "./store/mod.ts";

/** What a controller that runs with these options says of its administration, and its certificate. */
async function administered(data: string, ...options: string[]) {
  const any = ["--listen", "127.0.0.1:0", "--router-listen", "127.0.0.1:0"];
  await using running = start(controllerCommand("run", "--data", data, ...any, ...options));
  await running.shown(/^Next: /m);
  const { clusters: [{ cluster }] } = parse(await Deno.readTextFile(`${data}/kubeconfig`));
  const certificate = new X509Certificate(await Deno.readTextFile(`${data}/server.pem`));
  return { server: new URL(cluster.server), certificate };
}

Deno.test("a controller that is administered on all addresses is found by its name", async () => {
  await using dir = await tempDir();
  const options = ["--host", "lab.test", "--admin-listen", "0.0.0.0:0"];
  const { server, certificate } = await administered(dir.path, ...options);
  assert.equal(server.hostname, "lab.test");
  assert.equal(certificate.checkHost("lab.test"), "lab.test");
});

Deno.test({
  name: "the address on which a controller is administered is in its certificate",
  ignore: Deno.build.os !== "linux", // elsewhere 127.0.0.1 is the only one of its kind
  async fn() {
    await using dir = await tempDir();
    const options = ["--host", "lab.test", "--admin-listen", "127.0.0.2:0"];
    const { server, certificate } = await administered(dir.path, ...options);
    assert.equal(server.hostname, "127.0.0.2");
    assert.equal(certificate.checkIP("127.0.0.2"), "127.0.0.2");
  },
});

Deno.test("a file that holds too little for a token is named, with what to do", async () => {
  await using dir = await tempDir();
  await using store = await openSqliteStore(":memory:");
  using audit = AuditLog.open(":memory:");
  const identity = await loadIdentity(dir.path, ["127.0.0.1"]);
  const serve = () =>
    serveAdministration(
      {
        identity,
        publicIdentity: identity,
        onIdentity: () => {},
        store,
        audit,
        endpoint: "lab:8082",
      },
      {
        data: dir.path,
        listen: { kind: "tcp", hostname: "127.0.0.1", port: 0 },
        host: "127.0.0.1",
        namespace: "default",
        log: () => {},
      },
    );
  const file = `${dir.path}/admin-token`;
  for (const text of ["", "short", "two words of many characters"]) {
    await Deno.writeTextFile(file, text);
    await assert.rejects(serve(), {
      name: "ConfigError",
      message: `${file} holds no token of at least 22 characters; remove it, and a new one is made`,
    });
  }
  await Deno.remove(file);
  await using _administration = await serve();
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
  assert.equal((await Deno.readTextFile(file)).length, 43);
});
