import assert from "node:assert/strict";
import { types } from "../support/exporter_file.ts";
import { controllerCommand, type Finished, run, tempDir } from "../support/programs.ts";
import { start } from "../support/running.ts";
import { peer } from "./peer.ts";

Deno.test("a lab: the peer's programs and an empty folder, connected in five commands", async () => {
  const { jmp, j } = await peer();
  await using dir = await tempDir();
  const data = `${dir.path}/lab`;
  const anyPort = ["--listen", "--router-listen", "--admin-listen"]
    .flatMap((option) => [option, "127.0.0.1:0"]);
  await using controller = start(
    controllerCommand("run", "--data", data, "--host", "127.0.0.1", ...anyPort),
  );
  await controller.shown(/^Next: /m);
  const env = { KUBECONFIG: `${data}/kubeconfig`, JMP_CLIENT_CONFIG_HOME: dir.path };
  const python = (...args: string[]): Promise<Finished> => run([jmp, ...args], { env });
  const [exporterFile, clientFile] = [`${dir.path}/e1.yaml`, `${dir.path}/c1.yaml`];
  for (
    const args of [
      ["admin", "create", "exporter", "e1", "-l", "board=x", "--out", exporterFile],
      ["admin", "create", "client", "c1", "--unsafe", "--out", clientFile],
    ]
  ) {
    const { status, stdout, stderr } = await python(...args);
    assert.equal(status, 0, stdout + stderr);
  }
  const file = await Deno.readTextFile(exporterFile);
  assert.match(file, /^export: \{\}$/m);
  const tree = `export:\n  power: {type: ${types.power}}`;
  await Deno.writeTextFile(exporterFile, file.replace(/^export: \{\}$/m, tree));
  await using _exporter = start([jmp, "run", "--exporter-config", exporterFile]);
  await controller.shown(/exporter registered/);
  const { status, stdout, stderr } = await python(
    ...["shell", "--client-config", clientFile, "-l", "board=x", "--", j, "power", "on"],
  );
  assert.equal(status, 0, stdout + stderr);
  await controller.shown(/lease ended/);
});
