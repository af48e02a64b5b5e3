import assert from "node:assert/strict";
import type { checks as all } from "../checks.ts";
import { bytes, type Check, random, receive } from "./board.ts";

export const checks: Record<(typeof all)["messages"][number], Check> = {
  async "udp keeps the bounds of datagrams"({ udp }) {
    await using stream = await udp.stream();
    await stream.write(bytes("one"));
    await stream.write(bytes("three"));
    for (const sent of ["one", "three"]) {
      assert.deepEqual(new Uint8Array((await stream.read())!), bytes(sent));
    }
  },
  async "udp tells its address"({ udp }) {
    assert.match(await udp.address(), /^udp:\/\/127\.0\.0\.1:\d+$/);
  },
  async "websocket carries messages both ways"({ websocket }) {
    await using stream = await websocket.stream();
    for (const message of [bytes("one"), random(60_000)]) {
      await stream.write(message);
      assert.deepEqual(await receive(stream, message.length), message);
    }
  },
  async "websocket tells its URL"({ websocket }) {
    assert.match(await websocket.address(), /^ws:\/\/127\.0\.0\.1:\d+\/echo$/);
  },
};
