import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import { MockPower, PowerClient } from "@jumpstarter/drivers/power";
import { EchoNetwork, NetworkClient } from "@jumpstarter/drivers/network";
import { formatEndpoint } from "@jumpstarter/lib/rpc";
import { env } from "./env.ts";

/** Variables of this process, for a while. */
function variables(values: Record<string, string>): Disposable {
  for (const [name, value] of Object.entries(values)) Deno.env.set(name, value);
  return { [Symbol.dispose]: () => Object.keys(values).forEach((name) => Deno.env.delete(name)) };
}

Deno.test("env() gives a script no client that the shell does not allow, and the others [client 88]", async () => {
  await using served = await serve({ power: MockPower, echo: EchoNetwork });
  using _ = variables({
    JUMPSTARTER_HOST: formatEndpoint(served.connection.endpoint),
    JMP_DRIVERS_ALLOW: "jumpstarter_driver_network.*",
  });
  await using board = await env({ echo: NetworkClient });
  await using stream = await board.echo.stream();
  await stream.write(new Uint8Array([1]));
  assert.deepEqual(await stream.read(), new Uint8Array([1]));
  const refused = { code: "not_allowed", message: /"power".*PowerClient.*JMP_DRIVERS_ALLOW/ };
  assert.throws(() => board.child("power"), refused);
  await assert.rejects(env({ power: PowerClient }), refused);
});

Deno.test("env() outside a shell says where it belongs", async () => {
  await assert.rejects(env(), { code: "usage", message: /JUMPSTARTER_HOST is not set/ });
});
