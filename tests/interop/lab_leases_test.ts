/** What the Python peer does with leases of our controller, by hand and by hooks. */
import * as assert from "node:assert/strict";
import { conditionOf } from "@jumpstarter/lib/lease";
import { parse } from "yaml";
import { TestLab } from "../support/lab.ts";
import { until } from "../support/running.ts";
import { leasesOf, PythonEnds } from "./python_ends.ts";

const BOARD = ["-l", "board=x"];

Deno.test("the Python jmp creates, shows, changes, hands over and deletes leases", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab);
  await using _serving = await python.serve(await lab.exporter("e1", { board: "x" }));
  const [c1, c2] = [await lab.client("c1"), await lab.client("c2")];
  const jmp = async (...[client, ...words]: Parameters<PythonEnds["jmp"]>) => {
    const { status, stdout, stderr } = await python.jmp(client, ...words);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const create = [...BOARD, "--duration", "1h", "--lease-id", "mine", "-o", "name"];
  assert.match(await jmp(c1, "create", "lease", ...create), /^mine$/m);
  assert.match(await jmp(c1, "get", "exporters", "--with", "leases"), /e1 .*c1/);
  assert.match(await jmp(c1, "get", "leases"), /^mine +board=x .* c1 +e1/m);
  await jmp(c1, "update", "lease", "mine", "--duration", "2h");
  assert.equal((await leasesOf(lab))[0]!.spec.duration, "2h0m0s");
  await jmp(c1, "update", "lease", "mine", "--to-client", "c2");
  assert.equal((await leasesOf(lab))[0]!.spec.clientRef.name, "c2");
  const refused = await python.jmp(c1, "delete", "leases", "mine");
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /permission denied/);
  assert.match(await jmp(c2, "delete", "leases", "mine", "-o", "name"), /^mine$/m);
  assert.equal(conditionOf((await leasesOf(lab))[0]!, "Ready")?.reason, "Released");
  assert.doesNotMatch(await jmp(c2, "get", "leases"), /mine/);
  assert.match(await jmp(c2, "get", "leases", "--all"), /mine/);
});

Deno.test("the Python jmp rotates its token: the new one is good, and the old one no longer", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab);
  const client = await lab.client("c1");
  const rotated = await python.jmp(client, "auth", "rotate");
  assert.equal(rotated.status, 0, rotated.stderr);
  // It writes another file than the one that it read.
  const saved = await Deno.readTextFile(`${python.configHome}/jumpstarter/clients/c1.yaml`);
  const { token } = parse(saved);
  assert.equal(token, await lab.tokenOf("Client", "c1"));
  assert.notEqual(token, client.token);
  const refused = await python.jmp(client, "get", "exporters");
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /revoked: a newer one took its place/);
  const { status, stderr } = await python.jmp({ ...client, token }, "get", "exporters");
  assert.equal(status, 0, stderr);
});

Deno.test("a Python shell for a name that nobody has fails fast [controller 123]", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab);
  await using shell = await python.shell(await lab.client("c1"), ["-n", "nobody"], "true");
  const { status, stderr } = await shell.finished;
  assert.notEqual(status, 0);
  assert.match(stderr, /cannot be satisfied/);
});

Deno.test("leases follow each other, each after the cleanup of the one before [controller 124]", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab);
  const record = `${lab.dir}/record`;
  const hooks = {
    beforeLease: { script: `echo before >> ${record}`, timeout: 30 },
    afterLease: { script: `echo after >> ${record}`, timeout: 30 },
  };
  const exporter = await lab.exporter("e1", { board: "x" });
  await using _serving = await python.serve(exporter, { hooks });
  // A shell that waited for the next poll would make this slow, and two at once would mix the record.
  const clients = await Promise.all(["c1", "c2", "c3"].map((name) => lab.client(name)));
  const shells = await Promise.all(
    clients.map((client) => python.shell(client, BOARD, `echo ${client.name} >> ${record}`)),
  );
  for (const shell of shells) {
    const { status, stderr } = await shell.finished;
    assert.equal(status, 0, stderr);
  }
  await lab.exporterIs("e1", "Available");
  await until("it has no lease", async () => {
    return (await lab.exporterState("e1")).leaseRef === undefined;
  });
  const lines = (await Deno.readTextFile(record)).trim().split("\n");
  const rounds = [0, 3, 6].map((begin) => lines.slice(begin, begin + 3));
  assert.deepEqual(rounds.map(([before, , after]) => [before, after]), [
    ["before", "after"],
    ["before", "after"],
    ["before", "after"],
  ]);
  assert.deepEqual(rounds.map(([, work]) => work).toSorted(), ["c1", "c2", "c3"]);
});

Deno.test("a beforeLease hook that fails ends the lease, and the exporter goes on with the next [controller 126]", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab);
  const [spoilt, queued] = [`${lab.dir}/spoilt`, `${lab.dir}/queued`];
  await Deno.writeTextFile(spoilt, "");
  // The first lease ends only when another waits, which is then the exporter's at once.
  const script = `rm ${spoilt} || exit 0; until test -e ${queued}; do sleep 0.1; done; exit 1`;
  const hooks = { beforeLease: { script, timeout: 30, onFailure: "endLease" } };
  const exporter = await lab.exporter("e1", { board: "x" });
  await using _serving = await python.serve(exporter, { hooks });
  const [one, two] = [await lab.client("c1"), await lab.client("c2")];
  await using failing = await python.shell(one, BOARD, "true");
  await lab.exporterIs("e1", "BeforeLeaseHook");
  await using waiting = await python.shell(two, BOARD, "j power on && sleep 2 && j power off");
  await until("another lease waits", async () => (await leasesOf(lab)).length === 2);
  await Deno.writeTextFile(queued, "");
  assert.notEqual((await failing.finished).status, 0);
  const [first] = await leasesOf(lab);
  assert.equal(conditionOf(first!, "Ready")?.reason, "Released");
  const { status, stderr } = await waiting.finished;
  assert.equal(status, 0, stderr);
});

Deno.test("a beforeLease hook that ends the exporter takes it offline [controller 126]", async () => {
  await using lab = await TestLab.start();
  const python = await PythonEnds.at(lab);
  const hooks = { beforeLease: { script: "exit 1", timeout: 30, onFailure: "exit" } };
  const exporter = await lab.exporter("e1", { board: "x" });
  await using serving = await python.serve(exporter, { hooks });
  await using shell = await python.shell(await lab.client("c1"), BOARD, "true");
  // It waits for its client to leave, and the client for something to happen.
  await lab.exporterIs("e1", "Offline");
  shell.kill("SIGTERM");
  await serving.finished;
  const state = await lab.exporterState("e1");
  assert.equal(state.exporterStatus, "Offline");
  assert.equal(conditionOf({ status: state }, "Registered")?.status, "False");
});
