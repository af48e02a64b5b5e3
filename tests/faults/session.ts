import assert from "node:assert/strict";
import { PowerClient } from "@jumpstarter/drivers/clients";
import { connect } from "@jumpstarter/lib/client";
import type { Endpoint } from "@jumpstarter/lib/rpc";

/** What a client does: looks around, calls, measures, reads the log, streams, and leaves. */
export async function session(endpoint: Endpoint): Promise<void> {
  await using board = await connect(endpoint, { power: PowerClient });
  await board.connection.askState();
  await board.power.on();
  const records = board.logs();
  await records.next();
  for await (const { voltage } of board.power.read()) assert.ok(voltage >= 0);
  {
    await using stream = await board.child("device").stream();
    await stream.write(new Uint8Array(10_000));
    await stream.closeWrite();
    while (await stream.read() !== null);
  }
  await board.power.off();
  await records.return(undefined);
}

/** Has so many sessions, one after the other. */
export async function repeat(count: number, session: () => Promise<void>): Promise<void> {
  for (let number = 0; number < count; number++) await session();
}
