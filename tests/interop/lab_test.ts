import assert from "node:assert/strict";
import { parse } from "yaml";
import { types } from "../support/exporter_file.ts";
import { controllerCommand, type Finished, jmpCommand, run, tempDir } from "../support/programs.ts";
import { ControllerProcess } from "../support/controller.ts";
import { start } from "../support/running.ts";
import { peer } from "./peer.ts";

Deno.test("a lab: the peer's programs and an empty folder, connected in five commands", async () => {
  const { jmp } = await peer();
  await connected([jmp]);
});

Deno.test("a lab: the peer's programs take the files of our jmp admin as they are [controller 122]", async () => {
  await connected(jmpCommand());
});

Deno.test("jmp admin and the peer's write the same files", async () => {
  const { jmp } = await peer();
  await using dir = await tempDir();
  await using controller = await ControllerProcess.start();
  const env = { KUBECONFIG: `${controller.data}/kubeconfig`, JMP_CLIENT_CONFIG_HOME: dir.path };
  await controller.member("Client", "c1");
  await controller.member("Exporter", "bench");
  for (const words of [["client", "c1", "--allow", "a,b"], ["exporter", "bench"]]) {
    const files: Record<string, unknown>[] = [];
    for (const program of [jmpCommand(), [jmp] as const]) {
      const out = `${dir.path}/${words[0]}-${files.length}.yaml`;
      const command = ["admin", "import", ...words, "-n", "lab", "--out", out];
      const { status, stderr } = await run([...program, ...command], { env });
      assert.equal(status, 0, stderr);
      files.push(parse(await Deno.readTextFile(out), { version: "1.1" }));
    }
    const { exitOnLeaseEnd: _, motd: __, ...ours } = files[0]!; // which this peer does not know
    assert.deepEqual(ours, files[1]);
    assert.deepEqual(Object.keys(ours), Object.keys(files[1]!));
  }
});

/** Lets a program administer a lab, and the peer's programs meet there. */
async function connected(program: readonly [string, ...string[]]): Promise<void> {
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
  const say = (...args: string[]): Promise<Finished> => run([...program, ...args], { env });
  const [exporterFile, clientFile] = [`${dir.path}/e1.yaml`, `${dir.path}/c1.yaml`];
  for (
    const args of [
      ["admin", "create", "exporter", "e1", "-l", "board=x", "--out", exporterFile],
      ["admin", "create", "client", "c1", "--unsafe", "--out", clientFile],
    ]
  ) {
    const { status, stdout, stderr } = await say(...args);
    assert.equal(status, 0, stdout + stderr);
  }
  const file = await Deno.readTextFile(exporterFile);
  assert.match(file, /^export: \{\}$/m);
  const tree = `export:\n  power: {type: ${types.power}}`;
  await Deno.writeTextFile(exporterFile, file.replace(/^export: \{\}$/m, tree));
  await using _exporter = start([jmp, "run", "--exporter-config", exporterFile]);
  await controller.shown(/exporter registered/);
  const { status, stdout, stderr } = await run(
    [jmp, "shell", "--client-config", clientFile, "-l", "board=x", "--", j, "power", "on"],
    { env },
  );
  assert.equal(status, 0, stdout + stderr);
  await controller.shown(/lease ended/);
  const audit = await run(jmpCommand("admin", "get", "audit", "--client", "c1"), { env });
  assert.match(audit.stdout, /^\S+ +e1 +\S+ +c1 +info +lease granted$/m);
  assert.match(audit.stdout, /^\S+ +e1 +\S+ +c1 +info +lease ended$/m);
}
