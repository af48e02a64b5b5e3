import assert from "node:assert/strict";
import type { ClientNode } from "@jumpstarter/lib/driver";
import { type Call, FrameSocket, Kind, MAX_CALL } from "./frame.ts";
import { repoPath, run, tempDir } from "../../tests/support/programs.ts";
import { start, within } from "../../tests/support/running.ts";
import { WarmServer } from "./server.ts";

type DriverCall = ClientNode["connection"]["call"];

const refuse = () => Promise.reject(new Error("nothing is called"));
const node = (
  label: string,
  children: [string, ClientNode][] = [],
  call: DriverCall = refuse,
): ClientNode => {
  return {
    connection: {
      call,
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
const board = (call?: DriverCall) =>
  node("jumpstarter_driver_composite.client.CompositeClient", [
    ["power", node("jumpstarter_driver_power.client.PowerClient", [], call)],
  ]);

/** Serves the tree, and connects to it as a launcher does. */
async function connect({ call, ...options }: { callTime?: number; call?: DriverCall } = {}) {
  await using stack = new AsyncDisposableStack();
  const dir = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(dir, { recursive: true }));
  const server = stack.use(new WarmServer(`${dir}/j`, board(call), options));
  const connection = stack.use(await Deno.connect({ transport: "unix", path: `${dir}/j` }));
  const held = stack.move();
  return {
    server,
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

/** How a command takes its end, and what its server's takes, milliseconds. */
const ends: [what: string, over: () => Promise<unknown>, time: number][] = [
  ["that ends soon", () => new Promise((resolve) => setTimeout(resolve, 100)), 100],
  ["that does not end, but not for long", () => Promise.withResolvers().promise, 600],
];

for (const [what, over, least] of ends) {
  Deno.test(`the end of a server waits for a command ${what}`, async () => {
    const [called, closing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await using there = await connect({
      async call() {
        called.resolve();
        await closing.promise;
        await over();
        return null;
      },
    });
    await there.socket.write(Kind.CALL, call(["power", "on"]));
    await called.promise;
    const begin = performance.now();
    closing.resolve();
    await there.server[Symbol.asyncDispose]();
    const time = performance.now() - begin;
    assert.ok(time >= least - 5 && time < least + 400, `${time} ms`);
  });
}

Deno.test("a server that cannot accept any more leaves the lines to the launchers", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/j`;
  const script = `
    import { WarmServer } from "${new URL("./server.ts", import.meta.url)}";
    await using server = new WarmServer("${path}", {});
    Deno.addSignalListener("SIGTERM", () => {}); // as jmp has; the first one needs files, too
    const files = [];
    try { for (;;) files.push(Deno.openSync("/dev/null")); } catch { console.log("full"); }
    await Deno.stdin.read(new Uint8Array(1));
    for (const file of files) file.close();
    console.log("goes on");`;
  const limited = 'ulimit -n 64; exec "$@"';
  const deno = Deno.execPath();
  await using server = start(["sh", "-c", limited, "sh", deno, "eval", "--quiet", script], {
    cwd: repoPath("."),
    hasInput: true,
  });
  await server.shown(/full/);
  const session = `${dir.path}/session`;
  const launcher = repoPath("cli/warm/launcher.ts");
  for (const _ of ["whose turn it was", "that comes later"]) {
    const { stderr } = await run([deno, "run", "-A", launcher, path, session, "power", "on"], {
      env: { JUMPSTARTER_HOST: session },
    });
    assert.match(stderr, /^error: no exporter answers at .*session/);
  }
  await server.endInput();
  assert.deepEqual(await within(5_000, server.finished), {
    status: 0,
    stdout: "full\ngoes on\n",
    stderr: "",
  });
});
