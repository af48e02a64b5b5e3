import assert from "node:assert/strict";
import { copy, pipe } from "../streams/mod.ts";
import { DbusForward } from "./dbus_forward.ts";
import type { StreamSource } from "./stream_source.ts";

const echo: StreamSource = {
  stream() {
    const [device, stream] = pipe();
    void copy(device, device).catch(() => {});
    return Promise.resolve(stream);
  },
};

Deno.test("a D-Bus forward is the bus of the environment until it is disposed", async () => {
  for (const kind of ["system", "session"] as const) {
    for (const before of [undefined, "unix:path=/before"]) {
      const variable = `DBUS_${kind.toUpperCase()}_BUS_ADDRESS`;
      const original = Deno.env.get(variable);
      if (before === undefined) Deno.env.delete(variable);
      else Deno.env.set(variable, before);
      try {
        {
          await using forward = await DbusForward.listen(echo, kind);
          assert.equal(forward.variable, variable);
          assert.equal(Deno.env.get(variable), forward.address);
          const [, port] = /^tcp:host=127\.0\.0\.1,port=(\d+)$/.exec(forward.address)!;
          using connection = await Deno.connect({ port: Number(port) });
          await connection.write(Uint8Array.of(0, 65, 85));
          const buffer = new Uint8Array(3);
          assert.equal(await connection.read(buffer), 3);
        }
        assert.equal(Deno.env.get(variable), before);
      } finally {
        if (original === undefined) Deno.env.delete(variable);
        else Deno.env.set(variable, original);
      }
    }
  }
});

Deno.test("a bus that somebody else has set meanwhile stays", async () => {
  const original = Deno.env.get("DBUS_SYSTEM_BUS_ADDRESS");
  {
    await using _forward = await DbusForward.listen(echo, "system");
    Deno.env.set("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/another");
  }
  assert.equal(Deno.env.get("DBUS_SYSTEM_BUS_ADDRESS"), "unix:path=/another");
  if (original === undefined) Deno.env.delete("DBUS_SYSTEM_BUS_ADDRESS");
  else Deno.env.set("DBUS_SYSTEM_BUS_ADDRESS", original);
});
