import assert from "node:assert/strict";
import { testIo } from "../tests/support/command_io.ts";
import { runCommand } from "./run_command.ts";

Deno.test("jmp-exporter ends at once when it was told to while it was starting", async () => {
  const dir = await Deno.makeTempDir();
  const file = `${dir}/bench.yaml`;
  await Deno.writeTextFile(file, "metadata: {namespace: a, name: b}\nexport: {}\n");
  const socket = `${dir}/socket`;
  const io = { ...testIo().io, signal: AbortSignal.abort() };
  const values = { exporterConfig: file, socket, quiet: true };
  const ending = { insisted: io.signal, postpone() {} };
  await assert.rejects(runCommand().run(values, io, ending), { name: "AbortError" });
  await assert.rejects(Deno.stat(socket), Deno.errors.NotFound);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("with --socket the hooks of a file are named, as they do not run", async () => {
  const dir = await Deno.makeTempDir();
  const file = `${dir}/bench.yaml`;
  const hooks = "hooks: {afterLease: {script: j power off}}";
  await Deno.writeTextFile(file, `metadata: {namespace: a, name: b}\nexport: {}\n${hooks}\n`);
  const { io, notes } = testIo();
  const told = new AbortController();
  const running = runCommand().run(
    { exporterConfig: file, socket: `${dir}/socket` },
    { ...io, signal: told.signal, print: () => Promise.resolve(told.abort()) },
    { insisted: io.signal, postpone() {} },
  );
  assert.equal(await running, 0);
  assert.match(notes.join("\n"), /with --socket no hooks run: not afterLease/);
  await Deno.remove(dir, { recursive: true });
});
