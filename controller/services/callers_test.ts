import * as assert from "node:assert/strict";
import * as http2 from "node:http2";
import type { Channel } from "@jumpstarter/lib/rpc";
import { ClientService, ControllerService, type Method } from "@jumpstarter/proto";
import { type Member, TestLab } from "../../tests/support/lab.ts";
import { PARENT, refused } from "../../tests/support/lab_calls.ts";

Deno.test("who calls is checked for every method [controller 101, 103]", async () => {
  await using lab = await TestLab.start();
  const [client, exporter] = [await lab.client("c1"), await lab.exporter("e1")];
  const list = async (member: Member, metadata = {}) => {
    using channel = lab.connect(member, metadata);
    return await channel.unary(ClientService.listLeases, { parent: PARENT });
  };
  const basic = { authorization: "Basic abc" };
  await refused(list(client, basic), "INVALID_ARGUMENT", /^malformed authorization header$/);
  await list(client, { authorization: `bearer ${client.token}` });
  const kind = { "jumpstarter-kind": "Exporter" };
  await refused(list(client, kind), "INVALID_ARGUMENT", /^object kind mismatch$/);
  const stolen = { ...client, token: exporter.token };
  await refused(list(stolen), "PERMISSION_DENIED", /^permission denied for client lab\/c1$/);
  const ghost = { ...client, name: "ghost" };
  await refused(
    list(ghost),
    "UNKNOWN",
    /client lab\/ghost: clients.jumpstarter.dev "ghost" not found/,
  );
  assert.ok(lab.log.some((line) => /client authentication failed .*"peer":"127.0.0.1"/.test(line)));
  assert.ok(lab.log.every((line) => !line.includes(client.token)));
});

Deno.test("metadata that are there twice are told from those that are there once [controller 83, 103]", async () => {
  await using lab = await TestLab.start();
  const { token, name } = await lab.client("c1");
  const [hostname, port] = lab.controller.endpoint.split(":");
  const { ca } = lab.controller.identity;
  const session = http2.connect(`https://${hostname}:${port}`, { ca });
  const ask = async (more: http2.OutgoingHttpHeaders, method: Method<unknown, unknown>) => {
    const ended = Promise.withResolvers<string>();
    const stream = session.request({
      ":method": "POST",
      ":path": method.path,
      "content-type": "application/grpc",
      te: "trailers",
      authorization: `Bearer ${token}`,
      "jumpstarter-namespace": "lab",
      "jumpstarter-kind": "Client",
      "jumpstarter-name": name,
      ...more,
    });
    const note = (headers: http2.IncomingHttpHeaders) => {
      const status = headers["grpc-status"];
      if (status !== undefined) {
        ended.resolve(`${status} ${decodeURIComponent(String(headers["grpc-message"] ?? ""))}`);
      }
    };
    stream.on("response", note);
    stream.on("trailers", note);
    stream.resume();
    stream.end(new Uint8Array(5)); // an empty message
    return await ended.promise;
  };
  const { listLeases, releaseLease } = ControllerService;
  assert.match(await ask({}, listLeases), /^0 /);
  const kinds = ["Client", "Client"] as never;
  assert.match(await ask({ "jumpstarter-kind": kinds }, listLeases), /^3 multiple metadata/);
  const both = ["Exporter", "Exporter"] as never;
  // Whoever says it twice is taken for a client, whose kind is then looked at.
  assert.match(await ask({ "jumpstarter-kind": both }, releaseLease), /^3 multiple metadata/);
  session.destroy();
});

Deno.test("a rotated token takes the place of the old one [controller 70]", async () => {
  await using lab = await TestLab.start();
  const before = await lab.client("c1");
  using old = lab.connect(before);
  const { token, expiry } = await old.unary(ClientService.rotateToken, { parent: PARENT });
  assert.equal(await lab.tokenOf("Client", "c1"), token);
  assert.ok(expiry!.seconds > Date.now() / 1_000);
  const list = (channel: Channel) => channel.unary(ClientService.listLeases, { parent: PARENT });
  await refused(list(old), "UNKNOWN", /revoked/);
  using fresh = lab.connect({ ...before, token });
  await list(fresh);
  await lab.restart();
  using later = lab.connect({ ...before, token });
  await list(later);
  using stale = lab.connect(before);
  await refused(list(stale), "UNKNOWN", /revoked/);
});
