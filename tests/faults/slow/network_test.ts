import assert from "node:assert/strict";
import { connect } from "@jumpstarter/lib/client";
import { until, within } from "../../support/running.ts";
import { DirectExporter, NOTICED, SOON } from "../exporter.ts";
import { Proxy } from "../proxy.ts";
import { held, workEntries, works } from "../work.ts";

/** Milliseconds within which a client notices that its exporter has vanished. */
const CLIENT_NOTICES = 35_000;

/** Ways for a network to break of which the exporter is not told. */
const ways: { name: string; breakOff: (proxy: Proxy) => void; clientNotices?: number }[] = [
  { name: "vanishes", breakOff: (proxy) => proxy.loseClients(), clientNotices: SOON },
  { name: "is in a network that loses all for 30 s", breakOff: (proxy) => proxy.blackhole() },
  { name: "is in a network that stands still", breakOff: (proxy) => proxy.stall() },
];

for (const { name, breakOff, clientNotices = CLIENT_NOTICES } of ways) {
  Deno.test(`a client that ${name} is noticed within 15 s, and notices it itself`, async () => {
    await using exporter = await DirectExporter.serve({ entries: workEntries });
    await using proxy = await Proxy.open(exporter.endpoint);
    const possible = works.filter((work) =>
      work.name !== "a serial port" && work.name !== "a call"
    );
    // Once, so that what is loaded and opened for good is there before.
    for (const work of possible) {
      const board = await exporter.connect();
      const { over } = await work.begin(board);
      await Promise.all([board[Symbol.asyncDispose](), over.catch(() => {})]);
    }
    const before = await exporter.footprint();
    const boards = await Promise.all(possible.map(async (work) => {
      const board = await connect(proxy.endpoint);
      return { board, over: (await work.begin(board)).over };
    }));
    breakOff(proxy);
    const since = performance.now();
    const noticed = (async () => {
      await using board = await exporter.connect();
      await until(
        "the device is free",
        async () => await held(board.child("device")) === 0,
        NOTICED,
      );
      await board[Symbol.asyncDispose]();
      await exporter.assertAsBefore(before, NOTICED - (performance.now() - since));
      await exporter.assertUsable();
    })();
    const ends = boards.map(({ over }) =>
      assert.rejects(within(clientNotices, over), /went away|gone|does not answer|dropped|lost/)
    );
    await Promise.all([noticed, ...ends]);
    for (const { board } of boards) await board[Symbol.asyncDispose]();
    proxy.heal();
    await using again = await connect(proxy.endpoint, {}, { timeout: SOON });
    assert.equal(await within(SOON, again.child("device").call("wait", 0)), "done");
  });
}

Deno.test("a network that stands still for 3 s, or is slow, loses nothing", async (test) => {
  await using exporter = await DirectExporter.serve({ entries: workEntries });
  for (
    const [name, disturb] of [
      ["still", async (proxy: Proxy) => {
        proxy.stall();
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        proxy.heal();
      }],
      ["slow", (proxy: Proxy) => {
        proxy.latency = 200;
        return Promise.resolve();
      }],
    ] as const
  ) {
    await test.step(name, async () => {
      await using proxy = await Proxy.open(exporter.endpoint);
      await using board = await connect(proxy.endpoint);
      await using stream = await board.child("device").stream();
      const sent = crypto.getRandomValues(new Uint8Array(60_000));
      const disturbed = disturb(proxy);
      const rounds = 20;
      const writing = (async () => {
        for (let round = 0; round < rounds; round++) await stream.write(sent);
        await stream.closeWrite();
      })();
      let size = 0;
      for (let bytes = await stream.read(); bytes !== null; bytes = await stream.read()) {
        assert.deepEqual(bytes, sent.subarray(size % sent.length).subarray(0, bytes.length));
        size += bytes.length;
      }
      assert.equal(size, rounds * sent.length);
      await Promise.all([writing, disturbed]);
      assert.equal(await board.child("device").call("wait", 0), "done");
    });
  }
});
