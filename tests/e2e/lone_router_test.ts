/** A router in a process of its own, beside a controller that has none. */
import assert from "node:assert/strict";
import { RpcError } from "@jumpstarter/lib/rpc";
import { openTunnel } from "@jumpstarter/lib/tunnel";
import { parse, stringify } from "yaml";
import { selfSigned, verified } from "../support/certificate.ts";
import { ControllerProcess } from "../support/controller.ts";
import { carries, Leased } from "../support/leased.ts";
import { controllerCommand, run } from "../support/programs.ts";
import { type Running, start, within } from "../support/running.ts";

const SOON = 20_000;

/** Starts a router with a file that its controller has made, and names it in the configuration. */
async function startRouter(controller: ControllerProcess, config: string): Promise<Running> {
  const { data } = controller;
  const file = `${data}/router.yaml`;
  // The port is free now, and nothing else on this machine asks for it by name.
  using probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr;
  probe.close();
  const endpoint = `127.0.0.1:${port}`;
  const listen = ["--listen", endpoint, "--out", file];
  const made = await run(controllerCommand("router-file", data, endpoint, ...listen));
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stdout, /jmp-controller router .*router\.yaml/);
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
  const router = start(controllerCommand("router", file, "--drain", "0"));
  await router.shown(/^Controller: 127\.0\.0\.1:/m);
  await Deno.writeTextFile(config, `router: {far: {endpoint: "${endpoint}"}}\n`);
  await controller.running.shown(/configuration taken/);
  await controller.running.shown(/router connected/);
  return router;
}

Deno.test("tunnels of a router alone outlive their controller, and end with their lease [controller 98, 129]", async () => {
  await using controller = await ControllerProcess.start("--router-listen", "none");
  await controller.end("SIGTERM");
  const config = `${controller.data}/config.yaml`;
  await Deno.writeTextFile(config, "# routers come\n");
  await controller.restart();
  using leased = await Leased.open(controller);
  await assert.rejects(leased.tryDial(), /no router available/);
  await using router = await startRouter(controller, config);
  const ticket = await leased.dial();
  const tls = { ca: controller.ca };
  await using near = openTunnel(ticket, { tls });
  await using far = openTunnel(ticket, { tls });
  await carries(near, far);
  await carries(far, near);

  await controller.end("SIGKILL");
  await router.shown(/controller away; tunnels go on/);
  await carries(near, far);
  await controller.restart();
  await controller.running.shown(/router connected/);
  await carries(far, near);
  const unused = await leased.dial();

  await leased.release();
  assert.equal(await within(SOON, near.read()), null);
  await using late = openTunnel(unused, { tls });
  await assert.rejects(late.read(), (error: Error) => {
    return error.cause instanceof RpcError && error.cause.status === "UNAUTHENTICATED";
  });
});

Deno.test("a router cuts what ended while its controller was away, and drains when it is told to end", async () => {
  await using controller = await ControllerProcess.start("--router-listen", "none");
  await controller.end("SIGTERM");
  const config = `${controller.data}/config.yaml`;
  await Deno.writeTextFile(config, "");
  await controller.restart();
  using leased = await Leased.open(controller);
  await using router = await startRouter(controller, config);
  const ticket = await leased.dial();
  const tls = { ca: controller.ca };
  await using near = openTunnel(ticket, { tls });
  await using far = openTunnel(ticket, { tls });
  await carries(near, far);
  await leased.release();
  // A lease's end is told after a farewell: this one is stored, and nobody hears of it.
  await controller.end("SIGKILL");
  await controller.restart();
  assert.equal(await within(SOON, near.read()), null);
  router.kill("SIGTERM");
  assert.equal((await router.finished).status, 0);
});

Deno.test("a router takes a certificate that is made anew, and none that does not fit", async () => {
  await using controller = await ControllerProcess.start("--router-listen", "none");
  const config = `${controller.data}/config.yaml`;
  await Deno.writeTextFile(config, "");
  await using router = await startRouter(controller, config);
  const file = `${controller.data}/router.yaml`;
  const { endpoint, tls, ...others } = parse(await Deno.readTextFile(file));
  const other = await selfSigned(controller.data);
  const [cert, key] = await Promise.all(
    [other.cert, other.key].map((path) => Deno.readTextFile(path)),
  );
  const write = (identity: object) =>
    Deno.writeTextFile(file, stringify({ ...others, endpoint, tls: { ...tls, ...identity } }));
  await verified(endpoint, controller.ca);
  await write({ cert });
  await router.shown(/certificate not taken, what was stays.*tls\.key of .* is not the key/);
  await verified(endpoint, controller.ca);
  await write({ cert, key });
  await router.shown(/certificate taken; all else takes a restart/);
  await verified(endpoint, cert!);
  await assert.rejects(verified(endpoint, controller.ca));
});

Deno.test("a router says what it lacks", async () => {
  const nothing = await run(controllerCommand("router"));
  assert.equal(nothing.status, 2);
  assert.match(nothing.stderr, /name the file .* or set ROUTER_KEY/);
  const missing = await run(controllerCommand("router", "/nowhere/router.yaml"));
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /cannot read \/nowhere\/router\.yaml/);
  const none = await run(controllerCommand("router-file", "/nowhere", "a:1", "--out", "/tmp/x"));
  assert.equal(none.status, 1);
  assert.match(none.stderr, /cannot read kubeconfig \/nowhere\/kubeconfig/);
});
