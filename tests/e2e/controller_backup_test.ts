/** A lab that is copied while it is served, and put back elsewhere. */
import assert from "node:assert/strict";
import { ClientService } from "@jumpstarter/proto";
import { ControllerProcess } from "../support/controller.ts";
import { controllerCommand, run } from "../support/programs.ts";

Deno.test("a lab is backed up while it is served, and trusted by the same clients when it is back", async () => {
  await using controller = await ControllerProcess.start();
  const command = (...words: string[]) => run(controllerCommand(...words));
  const { data } = controller;
  const copy = `${data}.backup`;
  const client = await controller.member("Client", "c1");
  const made = await command("backup", data, copy);
  assert.deepEqual([made.status, made.stdout], [0, `${copy} holds the lab of ${data}\n`]);
  assert.equal((await Deno.stat(copy)).mode! & 0o777, 0o700);
  assert.equal((await Deno.stat(`${copy}/ca-key.pem`)).mode! & 0o777, 0o600);
  await controller.member("Client", "later");
  const again = await command("backup", data, copy);
  assert.deepEqual([again.status, again.stdout], [1, ""]);
  assert.match(again.stderr, /is there already; name another folder/);
  const inUse = await command("restore", copy, data);
  assert.equal(inUse.status, 1);
  assert.match(inUse.stderr, /is in use by process \d+; stop it first/);
  const none = await command("restore", `${copy}/none`, data);
  assert.match(none.stderr, /is no backup: it has no store\.sqlite/);

  await controller.end("SIGTERM");
  const { ca } = controller;
  await Deno.remove(data, { recursive: true });
  const restored = await command("restore", copy, data);
  assert.equal(restored.status, 0, restored.stderr);
  await controller.restart();
  assert.equal(controller.ca, ca);
  using channel = controller.connect(client);
  await channel.unary(ClientService.listLeases, { parent: "namespaces/lab" });
  const names = (await controller.list("clients")).map(({ metadata }) => metadata.name);
  assert.deepEqual(names, ["c1"]);
});
