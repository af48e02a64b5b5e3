/** A controller whose disk is full says so, keeps what it has, and goes on once there is room. */
import assert from "node:assert/strict";
import { RpcError } from "@jumpstarter/lib/rpc";
import { ClientService } from "@jumpstarter/proto";
import { ControllerProcess } from "../support/controller.ts";
import { until } from "../support/running.ts";
import { beExporter } from "./lab_load.ts";
import { hasDisk, smallDisk } from "./small_disk.ts";

const parent = "namespaces/lab";
const CLIENTS = "/apis/jumpstarter.dev/v1alpha1/namespaces/lab/clients";
const lease = { selector: "board=x", duration: { seconds: 3_600, nanos: 0 } };
/** Writes until one is refused: the log of the database may have had room left. */
const MAX_WRITES = 1_000;

/** Takes all the room that a disk has. */
async function fill(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  for (const block of [new Uint8Array(4_096), new Uint8Array(1)]) {
    try {
      for (;;) await file.write(block);
    } catch (error) {
      assert.match(String(error), /No space left/);
    }
  }
}

Deno.test({
  name:
    "a controller with a full disk refuses what it cannot keep, and goes on when there is room" +
    (hasDisk ? "" : " (needs to mount a disk)"),
  ignore: !hasDisk,
  async fn() {
    await using controller = await ControllerProcess.startIn((await smallDisk(4))!);
    const [exporter, member] = [
      await controller.member("Exporter", "e1", { board: "x" }),
      await controller.member("Client", "c1"),
    ];
    const ending = new AbortController();
    const serving = beExporter(controller, exporter, ending.signal);
    using client = controller.connect(member);
    const create = () => client.unary(ClientService.createLease, { parent, lease });
    const names = async () =>
      (await controller.list("leases")).map(({ metadata }) => metadata.name).sort();
    try {
      await until("the exporter is there", async () => {
        return (await controller.get("exporters", "e1")).status.exporterStatus === "Available";
      });
      const kept = [(await create()).name];
      const filler = `${controller.data}/filler`;
      await fill(filler);
      let refusal: unknown;
      for (let write = 0; write < MAX_WRITES && refusal === undefined; write++) {
        await create().then(({ name }) => kept.push(name), (error) => refusal = error);
      }
      assert.ok(refusal instanceof RpcError);
      assert.equal(refusal.status, "UNAVAILABLE", refusal.message);
      assert.match(refusal.details, /the disk is full; make room/);
      const { code, body } = await controller.ask("POST", CLIENTS, { metadata: { name: "c2" } });
      assert.equal(code, 503);
      assert.match(body.message, /the disk is full; make room/);
      const wanted = kept.map((name) => name.split("/").at(-1)).sort();
      assert.deepEqual(await names(), wanted, "what was refused is not there");
      assert.equal((await client.unary(ClientService.getLease, { name: kept[0]! })).name, kept[0]);

      await Deno.remove(filler);
      await client.unary(ClientService.deleteLease, { name: kept[0]! });
      const next = await create();
      wanted.push(next.name.split("/").at(-1));
      await controller.end("SIGKILL");
      await controller.restart();
      assert.deepEqual(await names(), wanted.sort());
    } finally {
      ending.abort();
      await serving;
    }
  },
});
