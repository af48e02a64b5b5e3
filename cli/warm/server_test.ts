import assert from "node:assert/strict";
import type { ClientNode } from "@jumpstarter/lib/driver";
import { type Call, FrameSocket, Kind, MAX_CALL } from "./frame.ts";
import { WarmServer } from "./server.ts";

const node = (label: string, children: [string, ClientNode][] = []): ClientNode => {
  const refuse = () => Promise.reject(new Error("nothing is called"));
  return {
    connection: {
      call: refuse,
      streamingCall: () => assert.fail("nothing is called"),
      stream: refuse,
      openResource: refuse,
    },
    uuid: crypto.randomUUID(),
    name: "",
    labels: { "jumpstarter.dev/client": label },
    description: undefined,
    methodsDescription: {},
    children: new Map(children),
  };
};
const tree = node("jumpstarter_driver_composite.client.CompositeClient", [
  ["power", node("jumpstarter_driver_power.client.PowerClient")],
]);

/** Serves the tree, and connects to it as a launcher does. */
async function connect(options: { callTime?: number } = {}) {
  await using stack = new AsyncDisposableStack();
  const dir = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(dir, { recursive: true }));
  stack.use(new WarmServer(`${dir}/j`, tree, options));
  const connection = stack.use(await Deno.connect({ transport: "unix", path: `${dir}/j` }));
  const held = stack.move();
  return {
    connection,
    socket: new FrameSocket(connection),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function call(args: string[], columns?: number): Uint8Array {
  const terminals = [false, true, true] as const;
  const request: Call = { args, cwd: "/", allowed: undefined, terminals, columns };
  return new TextEncoder().encode(JSON.stringify(request));
}

/** What the server says until it closes the connection. */
async function answer(socket: FrameSocket): Promise<string[]> {
  const said: string[] = [];
  for (let frame = await socket.read(); frame !== null; frame = await socket.read()) {
    const text = new TextDecoder().decode(frame.payload);
    said.push(frame.kind === Kind.EXIT ? `exit ${frame.payload[0]}` : text);
  }
  return said;
}

Deno.test("who connects and asks nothing is hung up on; who has asked is not", async () => {
  await using silent = await connect({ callTime: 20 });
  assert.equal(await silent.connection.read(new Uint8Array(1)), null);

  // Half a request is none.
  await using slow = await connect({ callTime: 20 });
  await slow.connection.write(new Uint8Array([Kind.CALL, 0]));
  assert.equal(await slow.connection.read(new Uint8Array(1)), null);

  await using prompt = await connect({ callTime: 60_000 });
  await prompt.socket.write(Kind.CALL, call(["power", "nope"]));
  assert.match((await answer(prompt.socket)).join(), /has no command "nope".*exit 1$/s);
});

/** First frames that are no requests: a kind, a size, and what follows. */
const strangers: [string, number, number, string][] = [
  ["is too large", Kind.CALL, MAX_CALL + 1, ""],
  ["is no request", Kind.INPUT, 2, "{}"],
  ["is no JSON", Kind.CALL, 2, "{{"],
];

for (const [what, kind, size, payload] of strangers) {
  Deno.test(`a first frame that ${what} is answered by hanging up`, async () => {
    await using there = await connect({ callTime: 60_000 });
    const header = new Uint8Array([kind, 0, 0, 0, 0]);
    new DataView(header.buffer).setUint32(1, size);
    await there.connection.write(header);
    await there.connection.write(new TextEncoder().encode(payload));
    assert.deepEqual(await answer(there.socket), []);
  });
}

Deno.test("help is as wide as the launcher's terminal", async () => {
  await using there = await connect();
  await there.socket.write(Kind.CALL, call([], 20));
  const lines = (await answer(there.socket)).join("").split("\n");
  assert.deepEqual(lines.slice(2, 3), ["└─ power  on off cy…"]);
});
