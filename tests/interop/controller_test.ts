/** Stock Python programs at our controller and router, over TLS with the CA that it makes. */
import * as assert from "node:assert/strict";
import { conditionOf } from "@jumpstarter/lib/lease";
import { TestLab } from "../support/lab.ts";
import { until } from "../support/running.ts";
import { leasesOf, PythonEnds } from "./python_ends.ts";

Deno.test("Python client and exporter meet through our controller, release, and meet again [controller 123]", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab);
  const [exporter, client] = [await lab.exporter("e1", { board: "x" }), await lab.client("c1")];
  {
    await using serving = await python.serve(exporter);
    for (const target of [["-l", "board=x"], ["-n", "e1"], ["-l", "board=x", "-n", "e1"]]) {
      await using shell = await python.shell(client, target, "j power on && echo done");
      const { status, stdout, stderr } = await shell.finished;
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^done$/m);
    }
    const powered = serving.stderr.match(/power on/g) ?? [];
    assert.equal(powered.length, 3);
    const all = await leasesOf(lab);
    assert.equal(all.length, 3);
    for (const lease of all) {
      assert.equal(lease.status?.ended, true);
      assert.equal(lease.status?.exporterRef?.name, "e1");
      assert.equal(conditionOf(lease, "Ready")?.reason, "Released");
      assert.equal(conditionOf(lease, "Pending"), undefined, "granted before CreateLease replied");
    }
    const isFree = async () => (await lab.exporterState("e1")).leaseRef === undefined;
    await until("the exporter is free", isFree);
  }
  const state = await lab.exporterState("e1");
  assert.equal(state.exporterStatus, "Offline");
  assert.equal(conditionOf({ status: state }, "Registered")?.status, "False");
  const tokens = [exporter, client].map(({ token }) => token);
  assert.ok(lab.log.every((line) => tokens.every((token) => !line.includes(token))));
});

Deno.test("of two Python clients the second waits for the first, and is told why", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab);
  await using _serving = await python.serve(await lab.exporter("e1", { board: "x" }));
  const [one, two] = [await lab.client("c1"), await lab.client("c2")];
  const target = ["-l", "board=x"];
  const go = `${lab.dir}/go`;
  const untilToldTo = `while [ ! -e ${go} ]; do sleep 0.1; done`;
  const script = `j power on && echo first && ${untilToldTo}`;
  await using first = await python.shell(one, target, script);
  await first.shown(/^first$/m);
  await using second = await python.shell(two, target, "j power off && echo second");
  await until("the second one waits", async () => {
    const waiting = (await leasesOf(lab)).find(({ spec }) => spec.clientRef.name === "c2");
    return waiting !== undefined && conditionOf(waiting, "Pending")?.reason === "NotAvailable";
  });
  await Deno.writeTextFile(go, "");
  for (const shell of [first, second]) {
    const { status, stderr } = await shell.finished;
    assert.equal(status, 0, stderr);
  }
  assert.match(second.stdout, /^second$/m);
  const [a, b] = await leasesOf(lab);
  assert.ok(Date.parse(b!.status!.beginTime!) >= Date.parse(a!.status!.endTime!));
});

Deno.test("a Python exporter comes back to a controller that was started again", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab);
  await using _serving = await python.serve(await lab.exporter("e1", { board: "x" }));
  const client = await lab.client("c1");
  await lab.restart();
  await using shell = await python.shell(client, ["-l", "board=x"], "j power on");
  const { status, stderr } = await shell.finished;
  assert.equal(status, 0, stderr);
});

Deno.test("a Python shell whose lease expires ends, and the exporter is free again [controller 125]", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab);
  await using _serving = await python.serve(await lab.exporter("e1", { board: "x" }));
  const client = await lab.client("c1");
  const target = ["-l", "board=x", "--duration", "4s"];
  await using shell = await python.shell(client, target, "j power on && exec sleep 60");
  const { stderr } = await shell.finished;
  assert.doesNotMatch(stderr, /^Error:/m);
  const [lease] = await leasesOf(lab);
  assert.equal(conditionOf(lease!, "Ready")?.reason, "Expired");
  await lab.exporterIs("e1", "Available");
});
