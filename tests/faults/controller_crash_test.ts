/**
 * A controller that is killed under load forgets nothing that it said. `JUMPSTARTER_CRASHES=100` kills
 * it that often, `JUMPSTARTER_SEED` repeats a run.
 */
import { Random } from "../model/random.ts";
import { ControllerProcess } from "../support/controller.ts";
import { until } from "../support/running.ts";
import { beExporter, BusyClient } from "./lab_load.ts";
import { checkHolders, LeaseLedger, unsettled } from "./lease_ledger.ts";

const CRASHES = Number(Deno.env.get("JUMPSTARTER_CRASHES") ?? 8);
const SEED = Number(Deno.env.get("JUMPSTARTER_SEED") ?? 20_261_126);
const CLIENTS = ["c1", "c2", "c3"];
const EXPORTERS = ["e1", "e2"];
/** Answers after which the controller is killed, at most. */
const MAX_ANSWERS = 60;

Deno.test("a controller that is killed under load forgets nothing that it said [controller 34, 133]", async () => {
  await using controller = await ControllerProcess.start();
  const ledger = new LeaseLedger();
  const random = new Random(SEED);
  const ending = new AbortController();
  const exporters = await Promise.all(
    EXPORTERS.map((name) => controller.member("Exporter", name, { board: "x" })),
  );
  const members = await Promise.all(CLIENTS.map((name) => controller.member("Client", name)));
  const serving = exporters.map((member) => beExporter(controller, member, ending.signal));
  try {
    for (let crash = 1; crash <= CRASHES; crash++) {
      try {
        await workUntilKilled();
        await controller.restart();
        await check();
      } catch (cause) {
        const again = `JUMPSTARTER_CRASHES=${crash} JUMPSTARTER_SEED=${SEED} ` +
          "deno test -A tests/faults/controller_crash_test.ts";
        throw new Error(`after crash ${crash}; see it again with: ${again}`, { cause });
      }
    }
  } finally {
    ending.abort();
    await Promise.all(serving);
  }

  /** Lets the clients work, and kills the controller some answers later, at whatever it does then. */
  async function workUntilKilled(): Promise<void> {
    let left = 1 + random.below(MAX_ANSWERS);
    const killed = Promise.withResolvers<void>();
    const answered = () => {
      if (--left === 0) killed.resolve(controller.end("SIGKILL"));
    };
    // As many channels as clients: a new controller, new connections.
    const channels = members.map((member) => controller.connect(member));
    try {
      await Promise.all(members.map(({ name }, index) => {
        const client = new BusyClient(
          channels[index]!,
          name,
          new Random(random.below(2 ** 31)),
          ledger,
        );
        return client.work(CLIENTS.filter((other) => other !== name), answered);
      }));
      await killed.promise;
    } finally {
      for (const channel of channels) channel[Symbol.dispose]();
    }
  }

  async function check(): Promise<void> {
    ledger.check(await controller.list("leases"));
    let open: string[] = [];
    await until("all is settled", async () => {
      const leases = await controller.list("leases");
      checkHolders(leases);
      open = unsettled(leases, await controller.list("exporters"));
      return open.length === 0;
    }).catch((cause) => {
      throw new Error(open.join("; "), { cause });
    });
    ledger.check(await controller.list("leases"));
  }
});
