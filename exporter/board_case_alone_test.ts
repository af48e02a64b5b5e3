import assert from "node:assert/strict";
import { PySerialClient } from "@jumpstarter/drivers/pyserial";
import { PowerClient } from "@jumpstarter/drivers/power";
import { parseExporterFile } from "@jumpstarter/lib/config";
import { onBoard } from "./board_case.ts";
import { serveLocal } from "./local.ts";

const text = `
metadata: {namespace: default, name: bench}
export:
  power: {type: jumpstarter_driver_power.driver.MockPower}
  lab:
    children:
      serial: {type: jumpstarter_driver_pyserial.driver.PySerial, config: {url: "loop://"}}
`;
const shape = { power: PowerClient, lab: { serial: PySerialClient } };

async function bench() {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/bench.yaml`, text);
  return {
    path: `${dir}/bench.yaml`,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

function sharedHost(socket: string): Disposable {
  Deno.env.set("JUMPSTARTER_HOST", socket);
  return { [Symbol.dispose]: () => Deno.env.delete("JUMPSTARTER_HOST") };
}

/** Talks to two consoles, switches the power on, and fails. */
async function fail(exporterConfig?: string): Promise<Error> {
  const given = exporterConfig === undefined ? {} : { exporterConfig };
  const running = onBoard({ shape, ...given }, async (board) => {
    await using first = await board.lab.serial.expect();
    await first.sendLine("U-Boot 2026");
    await first.until("2026\n");
    await using _second = await board.child("lab.serial", PySerialClient).expect();
    await board.power.on();
    assert.equal("dark", "bright");
  });
  return await running.then(() => assert.fail("it passes"), (error) => error);
}

const shown =
  /'dark'[^]*\n\nthe exporter's log, last lines:\n(?: {2}.*\n)* {2}.* power on\n {2}.*completed\n\nconsole "lab\.serial", last lines:\n {2}U-Boot 2026\n\nconsole "lab\.serial", last lines:\n {2}\(nothing was received\)$/;

Deno.test("a test has the board of the shell it runs in, or else that of its file [client 108]", async () => {
  await using file = await bench();
  const drivers: string[] = [];
  const note = (exporterConfig: string) =>
    onBoard({ shape, exporterConfig }, async (board) => {
      await board.power.on();
      drivers.push(board.power.node.uuid);
    });
  await using served = await serveLocal(await parseExporterFile("bench.yaml", text));
  const shared = served.session.tree.root.children.get("power")!.uuid;
  {
    using _host = sharedHost(served.socket);
    await note("/not/looked/at.yaml");
  }
  await note(file.path);
  assert.equal(drivers[0], shared);
  assert.notEqual(drivers[1], shared);
});

Deno.test("a failure on a board from a file shows the log and the consoles", async () => {
  await using file = await bench();
  const error = await fail(file.path);
  assert.ok(error instanceof assert.AssertionError);
  assert.match(error.message, shown);
});

Deno.test("a failure on the board of a shell shows the log and the consoles", async () => {
  await using served = await serveLocal(await parseExporterFile("bench.yaml", text));
  using _host = sharedHost(served.socket);
  assert.match((await fail("/not/looked/at.yaml")).message, shown);
});

Deno.test("what is thrown is kept when its message cannot be added to", async () => {
  await using file = await bench();
  for (const thrown of ["no light", new DOMException("no light", "AbortError")]) {
    const running = onBoard({ shape, exporterConfig: file.path }, async (board) => {
      await board.power.on();
      throw thrown;
    });
    await assert.rejects(running, { message: /^no light\n\nthe exporter's log/, cause: thrown });
  }
});

Deno.test("without a shell and a file there is no board [client 108]", async () => {
  await assert.rejects(onBoard({ shape }, () => Promise.resolve()), {
    code: "usage",
    message:
      'no board: run the test inside "jmp shell", or name an exporter file as exporterConfig',
  });
});
