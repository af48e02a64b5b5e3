import assert from "node:assert/strict";
import { openShell } from "../support/bench.ts";
import { types } from "../support/exporter_file.ts";
import { run } from "../support/programs.ts";
import { start } from "../support/running.ts";

const entries = {
  power: { type: types.power },
  echo: { type: types.echo },
  scripts: { type: types.shell, config: { methods: { three: "exit 3", _own: "echo own" } } },
};

/** A port that nobody listens on. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("j cycles the power, and refuses what the driver does not have [client 86]", async () => {
  await using bench = await openShell(entries);
  assert.deepEqual(await run(bench.warm("power", "cycle", "-w", "0"), bench), {
    status: 0,
    stdout: "Power cycling with 0 seconds wait time...\n",
    stderr: "",
  });
  assert.equal((await run(bench.warm("power", "nope"), bench)).status, 1);
});

Deno.test("j forwards the port that is asked for, in both directions [client 89]", async () => {
  await using bench = await openShell(entries);
  const port = freePort();
  await using running = start(bench.warm("echo", "forward-tcp", String(port)), bench);
  await running.shown(/\n/);
  assert.equal(running.stdout, `127.0.0.1:${port}\n`);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode("hello"));
  await connection.closeWrite();
  assert.equal(await new Response(connection.readable).text(), "hello");
});

Deno.test("j ends with the status of a script of the exporter [client 90]", async () => {
  await using bench = await openShell(entries);
  for (const command of [bench.warm, bench.cold]) {
    assert.equal((await run(command("scripts", "three"), bench)).status, 3);
  }
});

Deno.test("a script whose name begins with an underscore is one like others [drivers 9.4]", async () => {
  await using bench = await openShell(entries);
  assert.match((await run(bench.warm(), bench)).stdout, /^└─ scripts {2}three _own$/m);
  assert.equal((await run(bench.warm("scripts", "_own"), bench)).stdout, "own\n");
});
