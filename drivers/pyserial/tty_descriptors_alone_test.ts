import assert from "node:assert/strict";
import { hasSocat, ptyPair } from "../../tests/support/pty_pair.ts";
import { TtyPort } from "./tty_port.ts";

const ignore = !hasSocat;

/** The descriptors of this process that lead to terminals or events. */
async function openDescriptors(): Promise<string[]> {
  const { stdout } = await new Deno.Command("ls", { args: ["-l", `/proc/${Deno.pid}/fd`] })
    .output();
  const list = new TextDecoder().decode(stdout);
  return list.split("\n").flatMap((line) => /\d+ -> .*(?:pts|eventfd).*/.exec(line)?.[0] ?? []);
}

Deno.test(
  { name: "closing a port ends a read that waits, and leaves nothing open", ignore },
  async () => {
    await using pair = await ptyPair();
    const before = await openDescriptors();
    const port = await TtyPort.open(pair.left, 115_200);
    assert.equal((await openDescriptors()).length, before.length + 2);
    const read = port.read();
    await port[Symbol.asyncDispose]();
    assert.equal(await read, null);
    assert.deepEqual(await openDescriptors(), before);
    await assert.rejects(port.write(new Uint8Array(1)), /is closed/);
    await port[Symbol.asyncDispose]();
  },
);
