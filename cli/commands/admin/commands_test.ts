/** The commands in this process, at a controller in this process. */
import assert from "node:assert/strict";
import { ApiServer, publishAuthority, writeKubeconfig } from "@jumpstarter/controller/api";
import type { CliCommand } from "@jumpstarter/lib/program";
import { parse as parseLine } from "@jumpstarter/lib/program/parse";
import { parse } from "yaml";
import { TOKEN } from "../../../tests/support/api.ts";
import { type TestIo, testIo } from "../../../tests/support/command_io.ts";
import { TestLab } from "../../../tests/support/lab.ts";
import { createClient, createExporter } from "./create.ts";
import { createPolicy } from "./create_policy.ts";
import { deleteLease, deletePolicy } from "./delete.ts";
import { getClient, getExporter, getLease, getPolicy } from "./get.ts";
import { getAudit } from "./get_audit.ts";
import { importClient } from "./import.ts";
import { rotateClient } from "./rotate.ts";

/** A lab with its administration. */
async function open() {
  await using stack = new AsyncDisposableStack();
  const lab = stack.use(await TestLab.start());
  const { store, audit, identity } = lab.controller;
  await publishAuthority(store, { namespace: "lab", ca: identity.ca });
  const api = stack.use(
    await ApiServer.listen({
      hostname: "127.0.0.1",
      port: 0,
      identity,
      store,
      audit,
      token: TOKEN,
      onFault: (error) => assert.fail(String(error)),
    }),
  );
  const kubeconfig = `${lab.dir}/kubeconfig`;
  const server = `https://${api.endpoint}`;
  await writeKubeconfig(kubeconfig, { server, ca: identity.ca, token: TOKEN, namespace: "lab" });
  const held = stack.move();
  /** Runs a command; on a terminal when there are answers to its questions. */
  const run = async (command: CliCommand, line: string, ...answers: string[]) => {
    const test = testIo({ isTerminal: answers.length > 0, cwd: lab.dir });
    // A terminal hands over line by line; what nobody asks for is never read.
    void (async () => {
      for (const answer of answers) await test.type(`${answer}\n`);
    })();
    await started(test, command, line);
    return { output: test.output(), notes: test.notes };
  };
  const started = async ({ io }: TestIo, command: CliCommand, line: string): Promise<void> => {
    const words = [...line.split(" ").filter(Boolean), "--kubeconfig", kubeconfig];
    const parsed = parseLine("jmp admin", command, words);
    assert.ok(parsed.kind === "run");
    await command.run(parsed.values, io, { insisted: io.signal, postpone() {} });
  };
  const fails = (command: CliCommand, line: string, message: RegExp, ...answers: string[]) =>
    assert.rejects(run(command, line, ...answers), { message });
  return {
    lab,
    run,
    started,
    fails,
    read: (name: string) => Deno.readTextFile(`${lab.dir}/${name}`),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

Deno.test("a file that is there is overwritten only when somebody says so", async () => {
  await using bench = await open();
  const { lab, run, fails, read } = bench;
  await Deno.writeTextFile(`${lab.dir}/c1.yaml`, "mine");
  const exists = /c1\.yaml exists, and stays as it is; name another file with --out/;
  await fails(createClient, "c1 --out c1.yaml", exists);
  await fails(createClient, "c1 --out c1.yaml", exists, "n");
  await fails(createClient, "c1 --out c1.yaml --nointeractive", exists, "y");
  assert.deepEqual((await lab.store.clients.list()).items, []);
  assert.equal(await read("c1.yaml"), "mine");
  await run(createClient, "c1 --out c1.yaml --unsafe", "y");
  assert.equal(parse(await read("c1.yaml")).kind, "ClientConfig");
  await fails(importClient, "c1 --out c1.yaml", exists);
  await fails(
    createClient,
    "c1 --out other.yaml",
    /AlreadyExists.*To write its file: jmp admin import client c1 --kubeconfig \S+ --out other\.yaml/,
  );
});

Deno.test("questions are asked on a terminal, and only where they are left open", async () => {
  await using bench = await open();
  const { run, read } = bench;
  const asked = await run(createClient, "c1 --out c1.yaml", "n", "a, b");
  assert.match(asked.output, /any driver package \(unsafe\)\? \[y\/N\]: Packages/);
  assert.deepEqual(parse(await read("c1.yaml")).drivers, { allow: ["a", "b"], unsafe: false });
  assert.match(
    (await run(createClient, "c2", "")).output,
    /Save client configuration\? \[y\/N\]: /,
  );
  for (const line of ["c3 --nointeractive", "c4 -o name"]) {
    assert.doesNotMatch((await run(createClient, line, "y")).output, /\[y\/N\]/);
  }
  assert.doesNotMatch((await run(createClient, "c5")).output, /\[y\/N\]/);
  await run(importClient, "c5 --out c5.yaml --allow UNSAFE,x", "");
  assert.deepEqual(parse(await read("c5.yaml")).drivers, { allow: ["UNSAFE", "x"], unsafe: true });
});

Deno.test("whoever is made without a file is told, with the command that writes it", async () => {
  await using bench = await open();
  await bench.fails(
    createExporter,
    "e1 -l board=x --out /proc/none/e1.yaml",
    /exporter 'e1' is there now, but not its file: .*jmp admin import exporter e1 --kubeconfig/,
  );
  assert.equal((await bench.lab.store.exporters.list()).items.length, 1);
});

Deno.test("a new token goes into the file, and nothing else of the file changes", async () => {
  await using bench = await open();
  const { lab, run, fails, read } = bench;
  await run(createClient, "c1 --out c1.yaml --unsafe");
  const before = await read("c1.yaml");
  await Deno.writeTextFile(`${lab.dir}/c1.yaml`, `# mine\n${before}`);
  await run(rotateClient, "c1 --out c1.yaml");
  const token = await lab.tokenOf("Client", "c1");
  const old = parse(before).token;
  assert.notEqual(token, old);
  assert.equal(await read("c1.yaml"), `# mine\n${before.replace(old, token)}`);

  await run(createClient, "c2 --out c2.yaml");
  await Deno.writeTextFile(`${lab.dir}/rubbish.yaml`, "a: [");
  await fails(
    rotateClient,
    "c2 --out c1.yaml",
    /is not of client 'c2' in namespace 'lab', and stays/,
  );
  await fails(rotateClient, "c2 --out rubbish.yaml", /is no file of kind ClientConfig/);
  assert.equal(await lab.tokenOf("Client", "c2"), parse(await read("c2.yaml")).token);
  await fails(rotateClient, "c3", /Error from server \(NotFound\)/);
});

Deno.test("objects are shown as a table, as data and by name", async () => {
  await using bench = await open();
  const { lab, run } = bench;
  await lab.client("c1");
  await lab.exporter("e1");
  const { output } = await run(getClient, "");
  assert.equal(output, `NAME  ENDPOINT\nc1    ${lab.controller.endpoint}\n`);
  const list = JSON.parse((await run(getExporter, "-o json")).output);
  assert.deepEqual([list.kind, list.items.length], ["ExporterList", 1]);
  assert.equal(list.items[0].metadata.managedFields, undefined);
  const one = parse((await run(getExporter, "e1 -o yaml")).output);
  assert.deepEqual(one, list.items[0]);
  assert.equal((await run(getExporter, "-o name")).output, "exporter.jumpstarter.dev/e1\n");
  const none = "No resources found in lab namespace.\n";
  assert.equal((await run(getExporter, "-d")).output, none);
  assert.equal((await run(getLease, "")).output, none);
  assert.equal((await run(getLease, "-n other")).output, none.replace("lab", "other"));
  await bench.fails(getLease, "-n ..", /".." cannot be a namespace/);
});

Deno.test("the first policy and the last one say what they change", async () => {
  await using bench = await open();
  const { lab, run, fails } = bench;
  const line =
    "p1 --exporters board=x,!broken --clients team=a --clients !team --maximum-duration 2h";
  const { output, notes } = await run(createPolicy, `${line} --priority 3`);
  assert.match(output, /^p1 +board=x,!broken +team=a or !team +3 +2h +[01]s$/m);
  assert.deepEqual(notes, [
    "note: with this first policy, what no policy allows can no longer be leased",
  ]);
  const { spec } = await lab.store.exporteraccesspolicies.get("lab", "p1");
  assert.deepEqual(spec.exporterSelector, {
    matchLabels: { board: "x" },
    matchExpressions: [{ key: "broken", operator: "DoesNotExist" }],
  });
  assert.deepEqual((await run(createPolicy, "p2")).notes, []);
  assert.match((await run(getPolicy, "")).output, /^p2 +\* +\* +0 +any +\d+s$/m);
  assert.deepEqual((await run(deletePolicy, "p1")).notes, []);
  assert.match((await run(deletePolicy, "p2")).notes.join(), /everybody may lease everything/);
  await fails(createPolicy, "p3 --exporters board>3", /unsupported label selector operator/);
  await fails(createPolicy, "p3 --maximum-duration 0s", /no duration above zero/);
  await fails(createPolicy, "p3 --maximum-duration soon", /"soon" is not a duration/);
});

Deno.test("changes are shown while they happen, until Ctrl-C", async () => {
  await using bench = await open();
  const { lab, run, started } = bench;
  await lab.client("c1");
  const spec = { clientRef: { name: "c1" }, selector: { matchLabels: { a: "b" } }, duration: "1h" };
  const [table, data] = [testIo(), testIo()];
  const following = [started(table, getLease, "-w"), started(data, getLease, "-w -o json")];
  await lab.store.leases.create({ metadata: { namespace: "lab", name: "l1" }, spec });
  await Promise.all([table, data].map(({ shown }) => shown("NoAccess")));
  await run(deleteLease, "l1");
  await table.shown("  deleted\n");
  await data.shown('"DELETED"');
  assert.match(table.output(), /^NAME +CLIENT .*\nl1 +c1 +a:b +1h +(InProgress|Ended) /);
  for (const line of data.output().trimEnd().split("\n")) {
    assert.equal(JSON.parse(line).object.metadata.name, "l1");
  }
  for (const { interrupt } of [table, data]) interrupt();
  for (const end of following) await assert.rejects(end, { name: "AbortError" });
});

Deno.test("what happens is shown while it happens, of one exporter where that is asked for", async () => {
  await using bench = await open();
  const { audit } = bench.lab.controller;
  audit.add({ severity: "info", message: "before", exporter: "e1" });
  const [all, one] = [testIo(), testIo()];
  const following = [
    bench.started(all, getAudit, "-w"),
    bench.started(one, getAudit, "--watch --exporter e1"),
  ];
  await Promise.all([all, one].map(({ shown }) => shown("before")));
  audit.add({ severity: "info", message: "elsewhere", exporter: "e2" });
  audit.add({ severity: "warning", message: "after", exporter: "e1" });
  await Promise.all([all, one].map(({ shown }) => shown("after")));
  assert.match(all.output(), /e2 .*info +elsewhere\n/);
  assert.doesNotMatch(one.output(), /elsewhere/);
  for (const { interrupt } of [all, one]) interrupt();
  for (const end of following) await assert.rejects(end, { name: "AbortError" });
});
