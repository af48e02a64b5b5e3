import assert from "node:assert/strict";
import { connect } from "@jumpstarter/lib/client";
import { repoPath } from "../support/programs.ts";
import { hasSocat, ptyPair } from "../support/pty_pair.ts";
import { start, until, within } from "../support/running.ts";
import { DirectExporter, SOON } from "./exporter.ts";
import { Proxy } from "./proxy.ts";
import { held, withSerial, type Work, works } from "./work.ts";

/** Ways for a client to be gone, of which the exporter is told by the network. */
const ways: { name: string; vanish: (exporter: DirectExporter, work: Work) => Promise<void> }[] = [
  { name: "is killed", vanish: killed },
  {
    name: "is cut off",
    vanish: (exporter, work) => broken(exporter, work, (proxy) => proxy.reset()),
  },
  {
    name: "ends its side of the connection",
    vanish: (exporter, work) => broken(exporter, work, (proxy) => proxy.endClients()),
  },
];

async function killed(exporter: DirectExporter, { name }: Work): Promise<void> {
  const { hostname, port } = exporter.endpoint;
  const script = [
    "run",
    "-qA",
    `--config=${repoPath("deno.json")}`,
    repoPath("tests/faults/client.ts"),
  ];
  await using client = start([Deno.execPath(), ...script, name], {
    env: {
      JUMPSTARTER_HOST: `${hostname}:${port}`,
      JMP_GRPC_INSECURE: "1",
      JMP_DRIVERS_ALLOW: "UNSAFE",
    },
  });
  await client.shown(/^at it$/m);
  client.kill("SIGKILL");
  await client.finished;
}

async function broken(
  exporter: DirectExporter,
  work: Work,
  cut: (proxy: Proxy) => void,
): Promise<void> {
  await using proxy = await Proxy.open(exporter.endpoint);
  await using board = await connect(proxy.endpoint);
  const { over } = await work.begin(board);
  cut(proxy);
  await assert.rejects(within(SOON, over), /went away|is gone|does not answer|lost|closed/);
}

Deno.test({
  name: "a client that vanishes leaves a board that others can use",
  ignore: !hasSocat,
  async fn(test) {
    await using ports = await ptyPair();
    await using exporter = await DirectExporter.serve({ entries: withSerial(ports.left) });
    for (const work of works) await uses(exporter, work);
    const before = await exporter.footprint();
    for (const { name, vanish } of ways) {
      for (const work of works) {
        await test.step(`${name} in ${work.name}`, async () => {
          await vanish(exporter, work);
          await exporter.assertUsable();
          await isFree(exporter);
          await exporter.assertAsBefore(before);
          await uses(exporter, work);
        });
      }
    }
  },
});

/** Fails unless the device soon has nothing open. */
async function isFree(exporter: DirectExporter): Promise<void> {
  await using board = await exporter.connect();
  await until("the device is free", async () => await held(board.child("device")) === 0, SOON);
}

/** Fails unless a new client can do the same work soon. */
async function uses(exporter: DirectExporter, work: Work): Promise<void> {
  const board = await exporter.connect();
  const { over } = await within(SOON, work.begin(board));
  await Promise.all([board[Symbol.asyncDispose](), over.catch(() => {})]);
}
