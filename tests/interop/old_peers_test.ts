/** Python programs of 0.7 and of today at our controller and router, in every pairing. */
import * as assert from "node:assert/strict";
import { conditionOf } from "@jumpstarter/lib/lease";
import { TestLab } from "../support/lab.ts";
import { until } from "../support/running.ts";
import { leasesOf, PythonEnds } from "./python_ends.ts";

const OLD = "0.7.4";
const NEW = "0.9.0";

for (const [clientVersion, exporterVersion] of [[OLD, NEW], [NEW, OLD], [OLD, OLD]] as const) {
  const name =
    `a client of ${clientVersion} and an exporter of ${exporterVersion} meet [controller 128]`;
  Deno.test(name, async () => {
    await using lab = await TestLab.start();
    const [clients, exporters] = [
      await PythonEnds.at(lab, clientVersion),
      await PythonEnds.at(lab, exporterVersion),
    ];
    const [exporter, client] = [await lab.exporter("e1", { board: "x" }), await lab.client("c1")];
    const target = ["-l", "board=x"];
    await using serving = await exporters.serve(exporter);
    for (let lease = 0; lease < 2; lease++) {
      await using shell = await clients.shell(client, target, "j power on && echo done");
      const { status, stdout, stderr } = await shell.finished;
      assert.equal(status, 0, stderr + serving.stderr);
      assert.match(stdout, /^done$/m);
      const state = { status: await lab.exporterState("e1") };
      for (const type of ["Online", "Registered"]) {
        assert.equal(conditionOf(state, type)?.status, "True", type);
      }
    }
    await until("the exporter is free", async () => {
      return (await lab.exporterState("e1")).leaseRef === undefined;
    });
    const leases = await leasesOf(lab);
    assert.deepEqual(leases.map((lease) => conditionOf(lease, "Ready")?.reason), [
      "Released",
      "Released",
    ]);
  });
}

Deno.test("a client of 0.7.4 that is there first waits for its exporter of 0.7.4 [controller 128]", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab, OLD);
  const [exporter, client] = [await lab.exporter("e1", { board: "x" }), await lab.client("c1")];
  await using shell = await python.shell(client, ["-l", "board=x"], "j power on && echo done");
  await until("the lease waits", async () => {
    const [lease] = await leasesOf(lab);
    return lease !== undefined && conditionOf(lease, "Pending")?.status === "True";
  });
  await using _serving = await python.serve(exporter);
  const { status, stdout, stderr } = await shell.finished;
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^done$/m);
});
