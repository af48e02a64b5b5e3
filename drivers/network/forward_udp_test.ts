import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { serve } from "@jumpstarter/exporter/testing";
import { DatagramQueue } from "@jumpstarter/lib/streams";
import { testIo } from "../../tests/support/command_io.ts";
import { echoDatagrams } from "../../tests/support/echo_messages.ts";
import { until } from "../../tests/support/running.ts";
import { commands } from "./commands.ts";
import { NetworkClient } from "./mod.ts";

const TYPE = "jumpstarter_driver_network.driver.UdpNetwork";
const bytes = (text: string) => new TextEncoder().encode(text);

/** A board whose `udp` leads to a host and port. */
const boardAt = (host: string, port: number) =>
  serve({ udp: { type: TYPE, config: { host, port } } }, { udp: NetworkClient });

/** Starts the command, and gives the port that it prints. */
async function forwardUdp(client: NetworkClient) {
  const { io, notes, output, shown, interrupt } = testIo();
  const running = commands.forwardUdp!.run(client, { port: 0, address: "localhost" }, io);
  await Promise.race([shown("\n"), running]);
  const [, port] = /^127\.0\.0\.1:(\d+)\n$/.exec(output()) ?? [];
  assert.ok(port, output());
  const end = async () => {
    interrupt();
    await running;
  };
  return { port: Number(port), notes, end };
}

/** A program that asks, and waits for the answer. */
function asker(port: number) {
  const socket = createSocket("udp4");
  const answers = new DatagramQueue();
  socket.on("message", (answer) => answers.push(answer));
  const send = (data: Uint8Array) =>
    new Promise<void>((sent) => socket.send(data, port, "127.0.0.1", () => sent()));
  return {
    send,
    async ask(data: Uint8Array): Promise<Uint8Array | null> {
      await send(data);
      return await answers.read();
    },
    [Symbol.dispose]: () => void socket.close(),
  };
}

Deno.test("j forward-udp leads programs to the device, each by itself, until Ctrl-C", async () => {
  await using device = await echoDatagrams();
  await using board = await boardAt("127.0.0.1", device.port);
  const { port, notes, end } = await forwardUdp(board.udp);
  using first = asker(port);
  using second = asker(port);
  const words = async (program: typeof first, name: string) => {
    for (let count = 0; count < 20; count++) {
      const word = bytes(`${name} ${count}`);
      assert.deepEqual(await program.ask(word), word);
    }
  };
  await Promise.all([words(first, "first"), words(second, "second")]);
  const largest = crypto.getRandomValues(new Uint8Array(65_507));
  assert.deepEqual(await first.ask(largest), largest);
  await first.send(new Uint8Array(0));
  assert.deepEqual(await first.ask(bytes("after an empty one")), bytes("after an empty one"));
  await end();
  assert.deepEqual(notes, []);
});

Deno.test("j forward-udp notes what it cannot reach, and goes on", async () => {
  await using board = await boardAt("dut.invalid", 69);
  const { port, notes, end } = await forwardUdp(board.udp);
  using program = asker(port);
  await program.send(bytes("one"));
  await program.send(bytes("two"));
  await until("the failure is noted", () => notes.length > 0);
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /cannot send datagrams to dut\.invalid:69/);
  await end();
});

Deno.test("j forward-udp says so when its port is taken", async () => {
  await using board = await boardAt("127.0.0.1", 9);
  await using forward = await board.udp.udpForward();
  const values = { port: forward.port, address: "127.0.0.1" };
  await assert.rejects(
    Promise.try(() => commands.forwardUdp!.run(board.udp, values, testIo().io)),
    { code: "connection", message: /the port is taken; choose another, or 0/ },
  );
});
